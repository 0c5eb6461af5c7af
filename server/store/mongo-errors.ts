import mongoose from 'mongoose';
import { BadDocument, StoreOpenError, StoreUnavailable } from './store.js';

const { MongoServerError } = mongoose.mongo;

/** The oldest server that is supported: read and write concern, dots and dollars in field names, stable retryable writes. */
const oldest = 6;

const codeOf = (error: unknown): unknown => (error instanceof MongoServerError ? error.code : undefined);

/** The id exists. A unique index that somebody added by hand is none of the port's, and so no "taken". */
export const isDuplicate = (error: unknown): boolean =>
  codeOf(error) === 11_000 && '_id' in ((error as { keyPattern?: object }).keyPattern ?? { _id: 1 });

/** What a failed operation means for its caller: a document that Mongo can't hold, or an outcome that is not known. */
export function mongoProblem(error: unknown, collection: string): Error {
  // The server says so by code, the driver by an error without one.
  const code = codeOf(error);
  if (code === 10_334 || code === 17_419 || error instanceof RangeError || /larger than/.test(messageOf(error))) {
    return new BadDocument(`${collection}: the document is larger than MongoDB can hold`);
  }
  return new StoreUnavailable(`MongoDB did not carry out an operation on ${collection}: ${messageOf(error)}`, {
    cause: error,
  });
}

/** Why the start failed, and what to do about it. The URI, which may hold a password, is never in the message. */
export function mongoOpenProblem(error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  // The parser quotes what it could not read, and that may be half a password.
  return isMalformed(error) ? new StoreOpenError(malformed) : new StoreOpenError(advice(error), { cause: error });
}

/** By name: mongoose, the driver and its URI parser have classes of their own for each. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const isMalformed = (error: unknown): boolean =>
  /^(MongoParseError|MongoInvalidArgumentError|MongoAPIError|MongoRuntimeError|MongooseError|TypeError|URIError)$/.test(
    nameOf(error),
  );

const malformed =
  'MONGODB_URI is not a valid connection string: mongodb://user:password@host:27017/database?replicaSet=name, with special characters in the password percent-encoded.';

function advice(error: unknown): string {
  const message = messageOf(error);
  const code = codeOf(error);
  const name = nameOf(error);
  if (name === 'MongoCompatibilityError' || /maximum wire version/.test(message)) return tooOld();
  if (code === 18 || code === 8000 || /authentication failed/i.test(message)) {
    return 'MongoDB refused the user or the password in MONGODB_URI: check both, and authSource (the database that knows the user).';
  }
  if (code === 13) {
    return 'The user in MONGODB_URI may not use the database: give it the role readWrite on it (it reads, writes and makes indexes).';
  }
  if (/ServerSelectionError$/.test(name) || /^query(Srv|Txt) /.test(message)) {
    return `MongoDB is not reachable (${message}): check that it runs, the hosts and the replicaSet name in MONGODB_URI, its primary, and the firewall.`;
  }
  return `MongoDB could not be opened: ${message}`;
}

const tooOld = (version?: string): string =>
  `MongoDB is too old${version === undefined ? '' : ` (${version})`}: version ${oldest}.0 or newer is needed.`;

/** Throws if the server's version is not supported. */
export function checkVersion(version: string): void {
  if (!(Number.parseInt(version, 10) >= oldest)) throw new StoreOpenError(tooOld(version));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
