// A component of the page's own, whose shadow root has the checkout.
class OreumCard extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const checkout = document.createElement('pay-checkout');
    for (const name of ['merchant', 'product']) checkout.setAttribute(name, this.getAttribute(name));
    checkout.setAttribute('quantity-editable', '');
    this.attachShadow({ mode: 'open' }).append(checkout);
  }
}
customElements.define('oreum-card', OreumCard);
