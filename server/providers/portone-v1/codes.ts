import { asObject, asText, present } from '../reading.js';

/**
 * What a reply of V1's means, per call. V1 has no catalogue of codes: 0 is success, any other number comes with a Korean text for people.
 * So all that is read off a reply is whether it is a definite no; what became of the money is read off the record.
 *
 * A negative code in HTTP 200 is a failure of theirs, as is 500: whether anything was done is then not known.
 */
export type Verdict =
  | 'done'
  /** There is no such thing there. */
  | 'not_found'
  /** Understood, and not done. Whoever asked reads the record again before believing it. */
  | 'no'
  /** The token: the call was not looked at. */
  | 'unauthorized'
  | 'unknown';

interface Table {
  /** HTTP 404. */
  readonly notFound: Verdict;
  /** HTTP 400: wrong in itself, whatever the code. */
  readonly bad: Verdict;
  /** A code above 0 in HTTP 200. */
  readonly refused: Verdict;
  /** A code below 0 in HTTP 200. */
  readonly failed: Verdict;
}

export const portOneV1Codes = {
  // Whether key and secret are wrong shows in the HTTP status alone.
  token: { notFound: 'unknown', bad: 'unknown', refused: 'unknown', failed: 'unknown' },
  // "Registered already" has no code that is known, so that every no is looked into. It moves no money.
  prepare: { notFound: 'no', bad: 'no', refused: 'no', failed: 'no' },
  prepared: { notFound: 'not_found', bad: 'unknown', refused: 'not_found', failed: 'unknown' },
  // Asked for by an id and nothing else, so that there is nothing else to say no to.
  query: { notFound: 'not_found', bad: 'unknown', refused: 'not_found', failed: 'unknown' },
  // 404 is a page beyond the last.
  list: { notFound: 'not_found', bad: 'unknown', refused: 'unknown', failed: 'unknown' },
  cancel: { notFound: 'not_found', bad: 'no', refused: 'no', failed: 'unknown' },
  // 400 is what no deposit is awaited into.
  close: { notFound: 'not_found', bad: 'no', refused: 'no', failed: 'unknown' },
} as const satisfies Record<string, Table>;
export type PortOneV1Call = keyof typeof portOneV1Codes;

export interface Envelope {
  readonly code: number;
  /** For people; decides nothing. */
  readonly message?: string;
  readonly response: unknown;
}

/** `{code, message, response}`: every answer of V1's has it. `undefined`: this is none. */
export function readEnvelope(json: unknown): Envelope | undefined {
  const body = asObject(json);
  if (!body || !Number.isSafeInteger(body.code)) return undefined;
  const message = asText(body.message)?.slice(0, 500);
  return { code: body.code as number, response: body.response, ...present({ message }) };
}

export function verdict(call: PortOneV1Call, status: number, { code }: Envelope): Verdict {
  const table: Table = portOneV1Codes[call];
  if (status === 401) return 'unauthorized';
  if (status === 404) return table.notFound;
  if (status === 400) return table.bad;
  if (status < 200 || status >= 300) return 'unknown';
  if (code === 0) return 'done';
  return code > 0 ? table.refused : table.failed;
}
