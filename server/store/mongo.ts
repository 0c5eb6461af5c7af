import mongoose from 'mongoose';
import type { Logger } from '../ops/logging.js';
import type { Body } from './checks.js';
import { checkDefinitions } from './checks.js';
import { collections } from './collection.js';
import { checkVersion, isDuplicate, mongoOpenProblem } from './mongo-errors.js';
import { Operations } from './mongo-operations.js';
import { indexFilter, indexKeys, mongoIndexName, mongoPage } from './mongo-page.js';
import type { Row, Rows } from './rows.js';
import type { AnyDefinition, Store } from './store.js';

export interface MongoOptions {
  readonly uri: string;
  readonly definitions: readonly AnyDefinition[];
  readonly logger?: Pick<Logger, 'warn'> | undefined;
  /** How long a call, or the start, waits for a primary. An election takes seconds, so that a write usually survives one. */
  readonly selectionTimeoutMs?: number;
}

/**
 * A document in Mongo. `text` is there instead of most of `body` if that has field names which BSON or its driver would change: `body`
 * then holds the indexed fields only.
 */
interface Stored {
  _id: string;
  rev: number;
  v: number;
  body: Body;
  text?: string;
}

/**
 * The engine for any number of servers: a replica set or a sharded cluster (collections sharded by `_id`), read and written with majority
 * concern on the primary. Makes the indexes that are missing and leaves others alone, since an older server may still use them.
 * Throws `StoreOpenError` saying what to do.
 */
export async function openMongo(options: MongoOptions): Promise<Store> {
  const { uri, definitions, logger } = options;
  checkDefinitions(definitions);
  const connection = mongoose.createConnection();
  const operations = new Operations();
  try {
    await connection.openUri(uri, connectOptions(options.selectionTimeoutMs ?? 10_000));
    await checkServer(connection, logger);
    const models = new Map(definitions.map((definition) => [definition, modelOf(connection, definition.name)]));
    for (const [definition, model] of models) await makeIndexes(model, definition);
    const rows = (definition: AnyDefinition) => mongoRows(models.get(definition) as StoredModel, operations);
    return {
      engine: 'mongo',
      collection: collections(definitions, rows),
      // A read with majority concern from the primary; the collection need not exist.
      ping: () =>
        operations.run(
          'ping',
          async () => void (await connection.collection('ping').findOne({ _id: { $exists: false } })),
        ),
      close: () => operations.end().then(() => connection.close()),
    };
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw mongoOpenProblem(error);
  }
}

/** These win over what the URI says: the port's promises rest on them. */
const connectOptions = (selectionTimeoutMs: number): mongoose.ConnectOptions => ({
  retryWrites: true,
  retryReads: true,
  readPreference: 'primary',
  // One by one, as a URI names them: `readConcern` and `writeConcern` would lose against the URI's options.
  readConcernLevel: 'majority',
  w: 'majority',
  journal: true,
  wtimeoutMS: 15_000,
  serverSelectionTimeoutMS: selectionTimeoutMs,
  connectTimeoutMS: Math.min(selectionTimeoutMs, 10_000),
  socketTimeoutMS: 30_000,
  ignoreUndefined: true,
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
});

async function checkServer(connection: mongoose.Connection, logger: MongoOptions['logger']): Promise<void> {
  const admin = connection.getClient().db('admin');
  const { version } = (await admin.command({ buildInfo: 1 })) as { version?: unknown };
  checkVersion(String(version));
  const hello = (await admin.command({ hello: 1 })) as { setName?: string; msg?: string; hosts?: string[] };
  if (hello.msg === 'isdbgrid') return;
  if (hello.setName === undefined) logger?.warn('mongo_standalone', { engine: 'mongo', reason: standalone });
  else if ((hello.hosts?.length ?? 1) < 2) logger?.warn('mongo_single_node', { engine: 'mongo', reason: singleNode });
}

const standalone =
  'MongoDB is a single server and not a replica set: writes are not retried, and data is lost with its disk. Use a replica set of three for real money.';
const singleNode =
  'The MongoDB replica set has one member: data is lost with its disk. Use three members for real money.';

/** Declared so that mongoose keeps documents as they are: by default it drops `{}`, undeclared fields, and any field named `id`. */
const schema = () =>
  new mongoose.Schema(
    { _id: String, rev: Number, v: Number, body: mongoose.Schema.Types.Mixed, text: String },
    { minimize: false, id: false, versionKey: false, autoIndex: false, autoCreate: false },
  );

const modelOf = (connection: mongoose.Connection, name: string) =>
  connection.model<Stored>(name, schema() as never, name);
type StoredModel = ReturnType<typeof modelOf>;

async function makeIndexes(model: StoredModel, { indexes }: AnyDefinition): Promise<void> {
  for (const [index, { keys }] of Object.entries(indexes)) {
    await model.collection.createIndex(indexKeys(keys), {
      name: mongoIndexName(index, keys),
      partialFilterExpression: indexFilter(keys),
    });
  }
}

function mongoRows(model: StoredModel, operations: Operations): Rows {
  const name = model.modelName;
  // The driver's collection: a document that is plain already gains nothing from mongoose's casts, and they cost as much as the call.
  const collection = model.collection as unknown as mongoose.mongo.Collection<Stored>;
  return {
    insert: (row) =>
      operations.run(name, async () => {
        try {
          await collection.insertOne(storedOf(row));
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      }),
    get: (id) =>
      operations.run(name, async () => {
        const found = await collection.findOne({ _id: id });
        return found ? rowOf(found) : undefined;
      }),
    page: (page, take) =>
      operations.run(name, async () => {
        const { filter, sort, ...options } = mongoPage(page);
        const found = await model.find(filter, null, options).sort(sort).limit(take).lean<Stored[]>();
        return found.map(rowOf);
      }),
    replace: (row, rev) =>
      operations.run(
        name,
        async () => (await collection.replaceOne({ _id: row.id, rev }, storedOf(row))).matchedCount === 1,
      ),
    remove: (id, rev) =>
      operations.run(name, async () => (await collection.deleteOne({ _id: id, rev })).deletedCount === 1),
  };
}

const rowOf = ({ _id, rev, v, body, text }: Stored): Row => ({
  id: _id,
  rev,
  v,
  body: text === undefined ? body : (JSON.parse(text) as Body),
});

/** The driver takes `$ref` with `$id` for a reference of its own, `_bsontype` for a type, and no NUL in a name; mongoose trips over the others. */
const awkward =
  /^\$|[.\0]|^(?:_bsontype|__proto__|constructor|prototype|toBSON|toJSON|toObject|valueOf|hasOwnProperty)$/;

function storedOf({ id, rev, v, body }: Row): Stored {
  if (!hasAwkwardName(body)) return { _id: id, rev, v, body };
  const plain = Object.entries(body).filter(([key, value]) => !awkward.test(key) && typeof value !== 'object');
  return { _id: id, rev, v, body: Object.fromEntries(plain), text: JSON.stringify(body) };
}

const hasAwkwardName = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value)
    ? value.some(hasAwkwardName)
    : Object.entries(value).some(([key, field]) => awkward.test(key) || hasAwkwardName(field)));
