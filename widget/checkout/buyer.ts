import type { Buyer } from '../../contract/index.js';
import { type BuyerField, buyerFields } from './buyer-fields.js';

export type FieldProblem = 'missing' | 'malformed';

/** The server's own rules, as far as a person needs to hear of them while typing. */
const shapes: Readonly<Record<BuyerField, RegExp>> = {
  name: /^.{1,100}$/su,
  email: /^(?=.{3,100}$)[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
  phone: /^(?=.{7,40}$)\+?(\D*\d){7,15}\D*$/,
  postcode: /^[A-Za-z0-9][A-Za-z0-9 -]{1,11}$/,
  address: /^.{1,200}$/su,
};
const phoneSigns = /^\+?[\d\s().-]+$/;

export function fieldProblem(field: BuyerField, value: string | undefined): FieldProblem | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return 'missing';
  return shapes[field].test(text) && (field !== 'phone' || phoneSigns.test(text)) ? undefined : 'malformed';
}

/** What is wrong with the fields that are asked for, in their order. */
export function buyerProblems(asked: readonly BuyerField[], buyer: Buyer): Partial<Record<BuyerField, FieldProblem>> {
  const problems = asked.map((field) => [field, fieldProblem(field, buyer[field])] as const);
  return Object.fromEntries(problems.filter(([, problem]) => problem));
}

/** Only what the server would take: half an address is not sent while it is being typed. */
export function soundBuyer(buyer: Buyer): Buyer {
  const sound = buyerFields.filter((field) => !fieldProblem(field, buyer[field]));
  return Object.fromEntries(sound.map((field) => [field, buyer[field]?.trim()]));
}
