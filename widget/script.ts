import './define.js';
import { setScriptServer } from './pay-checkout/script-server.js';

// Elements look for it after this task. A module knows its own address; the single classic file, whose `import.meta` is empty, is told
// by its tag.
setScriptServer((document.currentScript as HTMLScriptElement | null)?.src || import.meta.url);
