import type { Launch } from '../../contract/index.js';
import type {
  Launcher,
  LauncherOf,
  LaunchResult,
  Mounted,
  MountHandlers,
  MountPlaces,
  OpenContext,
  Unavailable,
} from '../providers/launcher.js';

interface Deps {
  loadLauncher: LauncherOf;
  places?: (() => MountPlaces | Promise<MountPlaces>) | undefined;
  handlers: MountHandlers;
}

/** Our own, not the provider's. */
export const chunkLost = 'chunk_not_loaded';

const unavailable = (why: Unavailable['why'], code: string): Unavailable => ({ outcome: 'unavailable', why, code });

/** The provider's script and controls, brought to what a launch needs. Knows nothing of sessions. */
export class ProviderSide {
  #launcher: Launcher | undefined;
  /** Whose launches it can open. */
  #provider: Launch['provider'] | undefined;
  #mounted: Mounted | undefined;
  #drawnBy: Launcher | undefined;
  #agreed = false;
  #bringing: Promise<unknown> = Promise.resolve();
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What the provider draws by itself at present: methods and terms, its own button, or nothing. */
  get controls(): 'widget' | 'ui' | undefined {
    if (!this.#mounted) return undefined;
    return this.#mounted.open ? 'widget' : 'ui';
  }

  /** The provider's terms are agreed to, as far as it has any. */
  get isAgreed(): boolean {
    return this.#mounted === undefined || this.#agreed;
  }

  isReady(launch: Launch): boolean {
    if (launch.provider !== this.#provider || !this.#launcher?.isReady(launch)) return false;
    return launch.kind === 'window' || this.#mounted !== undefined;
  }

  /** One after the other: a provider draws its controls once. → what stands in the way */
  bring(launch: Launch, nonce: string | undefined): Promise<Unavailable | undefined> {
    const brought = this.#bringing.then(() => this.#bring(launch, nonce));
    this.#bringing = brought.catch(() => undefined);
    return brought;
  }

  async #bring(launch: Launch, nonce: string | undefined): Promise<Unavailable | undefined> {
    this.#launcher = await this.#deps.loadLauncher(launch.provider).catch(() => undefined);
    if (!this.#launcher) return unavailable('script_blocked', chunkLost);
    this.#provider = launch.provider;
    const failure = await this.#launcher.preload(launch, nonce === undefined ? {} : { nonce });
    if (failure) return failure;
    // What one provider drew, another can't take over.
    if (launch.kind !== (this.controls ?? 'window') || this.#launcher !== this.#drawnBy) this.unmount();
    if (launch.kind === 'window') return undefined;
    return this.#mounted ? this.#mounted.update(launch) : this.#mount(launch, this.#launcher);
  }

  async #mount(launch: Launch, launcher: Launcher): Promise<Unavailable | undefined> {
    const { places: placesOf } = this.#deps;
    if (!placesOf || !launcher.mount) return unavailable('misconfigured', 'no_place_for_controls');
    const places = await Promise.resolve(placesOf()).catch(() => undefined);
    if (!places) return unavailable('script_blocked', chunkLost);
    // Controls that say nothing about terms have none.
    this.#agreed = true;
    const onReady = (ready: boolean) => {
      this.#agreed = ready;
      this.#deps.handlers.onReady(ready);
    };
    const mounted = await launcher.mount(launch, places, { ...this.#deps.handlers, onReady });
    if ('outcome' in mounted) return mounted;
    this.#mounted = mounted;
    this.#drawnBy = launcher;
    return undefined;
  }

  /** Inside the click. `undefined`: the provider's own button is the only way. */
  open(launch: Launch, context: OpenContext): Promise<LaunchResult> | undefined {
    return this.#mounted ? this.#mounted.open?.(launch, context) : this.#launcher?.open(launch, context);
  }

  unmount(): void {
    this.#mounted?.unmount();
    this.#mounted = undefined;
  }
}
