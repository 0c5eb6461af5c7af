import type { LocalText } from '../../../contract/index.js';

/** A user of the shop. The demo has two; a real shop would have a password for each. */
export interface Person {
  /** What the pay-checkout server knows them by: the `sub` of their token. */
  readonly id: string;
  readonly name: LocalText;
  readonly email: string;
  readonly phone: string;
}

export const people: readonly Person[] = [
  { id: 'sora', name: { ko: '김소라', en: 'Sora Kim' }, email: 'sora@example.com', phone: '010-1234-5678' },
  { id: 'haneul', name: { ko: '이하늘', en: 'Haneul Lee' }, email: 'haneul@example.com', phone: '010-8765-4321' },
];

export const personOf = (id: unknown): Person | undefined => people.find((person) => person.id === id);
