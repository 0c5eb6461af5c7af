import type { Inquirer, InquirerDeps } from './inquirer.js';
import type { Till, TillDeps } from './till.js';

/** What pays, and what finds out how a payment stands: of one order. */
export interface Parts {
  till: Till;
  inquirer: Inquirer;
}

/** Both come when they are wanted, each a chunk of its own; `undefined` where one could not be had. */
export async function loadParts(deps: InquirerDeps & Omit<TillDeps, 'inquirer'>): Promise<Parts | undefined> {
  const loaded = await Promise.all([import('./till.js'), import('./inquirer.js')]).catch(() => undefined);
  if (!loaded) return undefined;
  const [{ Till }, { Inquirer }] = loaded;
  const inquirer = new Inquirer(deps);
  return { till: new Till({ ...deps, inquirer }), inquirer };
}
