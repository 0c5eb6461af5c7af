import type { Buyer } from '../../contract/index.js';
import { isSound } from './buyer.js';
import type { BuyerField } from './buyer-fields.js';

export type FieldProblem = 'missing' | 'malformed';

/** An address in Hangul is in Korea, where postcodes have five digits; nothing is known of any other country's. */
const hangul = /\p{Script=Hangul}/u;
const koreanPostcode = /^\d{5}$/;

export function fieldProblem(field: BuyerField, buyer: Buyer): FieldProblem | undefined {
  const text = buyer[field]?.trim() ?? '';
  if (text === '' && field !== 'addressDetail') return 'missing';
  const isKorean = field === 'postcode' && hangul.test(buyer.address ?? '');
  return isSound(field, text) && (!isKorean || koreanPostcode.test(text)) ? undefined : 'malformed';
}

/** What is wrong with the fields that are asked for, in their order. */
export function buyerProblems(asked: readonly BuyerField[], buyer: Buyer): Partial<Record<BuyerField, FieldProblem>> {
  const problems = asked.map((field) => [field, fieldProblem(field, buyer)] as const);
  return Object.fromEntries(problems.filter(([, problem]) => problem));
}
