import type { Buyer } from '../../contract/index.js';
import { type BuyerField, buyerFields } from './buyer-fields.js';

/** The server's own rules, as far as a person needs to hear of them while typing. */
const shapes: Readonly<Record<BuyerField, RegExp>> = {
  name: /^.{1,100}$/su,
  email: /^(?=.{3,100}$)[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
  phone: /^(?=.{7,40}$)\+?(\D*\d){7,15}\D*$/,
  postcode: /^[A-Za-z0-9][A-Za-z0-9 -]{1,11}$/,
  address: /^.{1,200}$/su,
  addressDetail: /^.{0,100}$/su,
};
const phoneSigns = /^\+?[\d\s().-]+$/;

/** Would the server take it? `text` is trimmed. */
export const isSound = (field: BuyerField, text: string): boolean =>
  shapes[field].test(text) && (field !== 'phone' || phoneSigns.test(text));

/** Only what the server would take: half an address is not sent while it is being typed. An emptied detail line is sent, to take it back. */
export function soundBuyer(buyer: Buyer): Buyer {
  const lines = buyerFields.map((field) => [field, buyer[field]?.trim()] as const);
  return Object.fromEntries(lines.filter(([field, text]) => text !== undefined && isSound(field, text)));
}
