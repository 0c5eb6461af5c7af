import type { Buyer, CatalogueView, Currency, Line, LocalText, Method, SessionView } from '../../contract/index.js';
import type { Plan } from './plan.js';

/** What is bought, by whom and how, as far as it is known: from the page, the catalogue, the session, and what the shopper did. */
export class Basket {
  plan: Plan;
  item: CatalogueView | undefined;
  #quantity: number;
  #method: Method | undefined;
  #typed: Buyer = {};

  constructor(plan: Plan) {
    this.plan = plan;
    this.#quantity = plan.quantity;
  }

  /** What was typed is kept over another order: it is the same person. */
  restart(plan: Plan): void {
    this.plan = plan;
    this.item = undefined;
    this.#quantity = plan.quantity;
    this.#method = undefined;
  }

  get quantity(): number {
    const { minQuantity = 1, maxQuantity = this.#quantity } = this.item ?? {};
    return Math.min(Math.max(Math.trunc(this.#quantity) || minQuantity, minQuantity), maxQuantity);
  }

  set quantity(quantity: number) {
    this.#quantity = quantity;
  }

  choose(method: Method | undefined): void {
    this.#method = method;
  }

  type(typed: Buyer): void {
    this.#typed = { ...this.#typed, ...typed };
  }

  buyer(session: SessionView | undefined): Buyer {
    return { ...session?.buyer, ...this.plan.buyer, ...this.#typed };
  }

  /** What is offered, narrowed to what the page wants; a page that wants nothing of it gets all. */
  methods(session: SessionView | undefined): readonly Method[] {
    const offered = session?.methods ?? this.item?.methods ?? [];
    const wanted = this.plan.methods?.filter((method) => offered.includes(method));
    return wanted && wanted.length > 0 ? wanted : offered;
  }

  method(session: SessionView | undefined): Method | undefined {
    const methods = this.methods(session);
    return [this.#method, this.plan.method, methods[0]].find((method) => method && methods.includes(method));
  }

  /** The session's word, as soon as there is one. Between another quantity and its answer, the catalogue's price is what is known. */
  price(session: SessionView | undefined, isChanging: boolean): Priced {
    const { item, quantity } = this;
    const about = session ?? item;
    const named = about && { merchant: about.merchant.name, currency: about.currency };
    if (session && !(isChanging && item && session.lines[0]?.quantity !== quantity)) {
      return { lines: session.lines, amount: session.amount, ...named };
    }
    if (!item) return { lines: [] };
    const lines = [{ item: item.id, name: item.name, price: item.price, quantity }];
    return { lines, amount: item.price * quantity, ...named };
  }
}

interface Priced {
  lines: readonly Line[];
  amount?: number;
  currency?: Currency;
  merchant?: LocalText;
}
