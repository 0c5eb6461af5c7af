let found: string | undefined;

/** Where the tag's script came from: the server that it belongs to. Unknown to a page that bundles the element itself. */
export const scriptServer = (): string | undefined => found;

export function setScriptServer(url: string | undefined): void {
  if (url && URL.canParse(url)) found = new URL('.', url).href;
}
