/**
 * The scripts of the tags, by file name: classic ones, which `import()` the core from wherever they were served themselves. `core`: its file.
 *
 * `/pay-checkout.js` also brings `<pay-history>` when its tag comes into the document. A tag within another shadow root is not seen from
 * there: `/pay-history.js` brings it at once.
 */
export function loaders(core: string): Readonly<Record<string, string>> {
  const load = `const c=import(new URL(${JSON.stringify(core)},document.currentScript.src).href),h=()=>c.then(m=>m.loadHistory())`;
  const look = `document.querySelector("pay-history")&&(o.disconnect(),h().catch(()=>setTimeout(w,5e3)))`;
  const watch = `l=()=>${look},o=new MutationObserver(l),w=()=>{o.observe(document,{childList:!0,subtree:!0}),l()}`;
  return {
    'pay-checkout.js': `(()=>{${load},${watch};w()})();`,
    'pay-history.js': `(()=>{${load};h()})();`,
  };
}
