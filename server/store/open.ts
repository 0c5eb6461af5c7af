import type { Logger } from '../ops/logging.js';
import type { AnyDefinition, Store } from './store.js';

export interface StoreOptions {
  /** Given: MongoDB. Absent or empty: the embedded engine. */
  readonly mongodbUri?: string | undefined;
  /** The embedded engine's file. */
  readonly file: string;
  readonly definitions: readonly AnyDefinition[];
  readonly logger?: Pick<Logger, 'warn'> | undefined;
}

/** Opens the engine that is configured and loads no other. Throws `StoreOpenError`, whose message says what to do. */
export async function openStore({ mongodbUri, file, definitions, logger }: StoreOptions): Promise<Store> {
  if (mongodbUri) {
    const { openMongo } = await import('./mongo.js');
    return openMongo({ uri: mongodbUri, definitions, logger });
  }
  const { openEmbedded } = await import('./embedded.js');
  return openEmbedded({ file, definitions });
}
