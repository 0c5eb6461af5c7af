/** All that the element tells bubbles out of every shadow root, and a page may prevent what it does by default. */
export class PayEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail) {
    super(type, { detail, bubbles: true, composed: true, cancelable: true });
  }
}
