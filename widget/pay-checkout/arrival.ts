import { browserEnvironment } from '../checkout/environment.js';
import { takeReturn } from '../checkout/resume.js';

/** What a redirect brought leaves the address before anything else of the page looks at it. May be called as often as one likes. */
export const arrive = (): void => takeReturn(browserEnvironment(window));
