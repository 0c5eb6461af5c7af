import type { LauncherOf, MountPlaces } from '../providers/launcher.js';
import type { Inquirer, InquirerDeps } from './inquirer.js';
import type { Till, TillDeps } from './till.js';

/** What pays, and what finds out how a payment stands: of one order. */
export interface Parts {
  till: Till;
  inquirer: Inquirer;
}

type Deps = InquirerDeps &
  Omit<TillDeps, 'verify' | 'onOver' | 'loadLauncher' | 'places'> & {
    loadLauncher: LauncherOf;
    places?: () => MountPlaces | Promise<MountPlaces>;
  };

/** Both come when they are wanted, each a chunk of its own; `undefined` where one could not be had. */
export async function loadParts({ places, ...deps }: Deps): Promise<Parts | undefined> {
  const loaded = await Promise.all([import('./till.js'), import('./inquirer.js')]).catch(() => undefined);
  if (!loaded) return undefined;
  const [{ Till }, { Inquirer }] = loaded;
  const inquirer = new Inquirer(deps);
  const till = new Till({
    ...deps,
    places,
    verify: (hints, told) => inquirer.verify(hints, told),
    onOver: (code) => inquirer.over(code),
  });
  return { till, inquirer };
}
