import './define.js';
import { setScriptServer } from './pay-checkout/script-server.js';

// Elements look for it after this task. A module knows its own address; the single classic file, whose `import.meta` is empty, is told
// by its tag.
setScriptServer((document.currentScript as HTMLScriptElement | null)?.src || import.meta.url);

/** `<pay-history>` is a chunk of its own: the tag's loader asks for it when that tag comes into the page. */
export const loadHistory = (): Promise<unknown> => import('./define-history.js');
