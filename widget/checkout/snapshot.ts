import type { Buyer, CatalogueView, Currency, Line, LocalText, Method, SessionView } from '../../contract/index.js';
import type { Basket } from './basket.js';
import type { State } from './machine.js';
import type { Obstacle, Outcome } from './outcomes.js';
import type { Mistake } from './plan.js';
import { present } from './present.js';
import type { Stage } from './stage.js';
import type { Till } from './till.js';

/** Something to be said above the pay button. `outside`: an address that opens the page in the phone's own browser. */
export type Notice =
  | { kind: 'obstacle'; obstacle: Obstacle; outside?: string }
  | { kind: 'priceChanged' | 'mismatch' | 'unfinished' | 'methodGone' | 'agreement' | 'depositNotYet' };

/** All that a view shows of a checkout. A new object for every change. */
export interface Snapshot {
  state: State;
  /** Pressing the pay button opens the window in the same task. */
  ready: boolean;
  /** What is needed for the window is being fetched, for a press or before one. */
  preparing: boolean;
  /** It took so long that the browser forgot the click: ask for another. */
  pressAgain: boolean;
  online: boolean;
  /** Asking how it stands takes longer than usual. */
  slow: boolean;
  item?: CatalogueView;
  session?: SessionView;
  merchant?: LocalText;
  lines: readonly Line[];
  /** The session's as soon as there is one. Minor units. */
  amount?: number;
  currency?: Currency;
  quantity: number;
  minQuantity: number;
  maxQuantity: number;
  methods: readonly Method[];
  method?: Method;
  /** Who shows the methods and the button: we, the provider's widget (methods and terms), or the provider alone (its own button). */
  controls: 'ours' | 'widget' | 'ui';
  /** The provider's controls are drawn. */
  mounted: boolean;
  buyer: Buyer;
  /** Shown as it was left, after a reload or a redirect. */
  resumed: boolean;
  notice?: Notice;
  outcome?: Outcome;
  mistake?: Mistake;
}

interface Sources {
  stage: Stage;
  basket: Basket;
  session: SessionView | undefined;
  till: Till | undefined;
  online: boolean;
}

export function snapshotOf({ stage, basket, session, till, online }: Sources): Snapshot {
  const { state, resumed, slow, pressAgain, notice, outcome, mistake } = stage;
  const { item, quantity } = basket;
  const ready = till?.ready === true;
  const method = basket.method(session);
  const isInside = !session && item?.choosesInside && method === item.methods[0];
  return present<Snapshot>({
    state,
    ready,
    preparing: till?.isPreparing === true,
    pressAgain: pressAgain && ready,
    online,
    slow,
    item,
    session,
    ...basket.price(session, state === 'form' || state === 'opening'),
    quantity,
    minQuantity: item?.minQuantity ?? 1,
    maxQuantity: item?.maxQuantity ?? 1,
    methods: basket.methods(session),
    method,
    // Before the first touch, as the catalogue says it: methods that are seen can be chosen.
    controls: isInside ? 'widget' : (till?.controls ?? 'ours'),
    mounted: till?.provider.controls !== undefined,
    buyer: basket.buyer(session),
    resumed,
    notice,
    outcome,
    mistake,
  });
}
