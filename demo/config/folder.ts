import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoError } from './settings.js';

/** The demo's own folder: data of the embedded store, generated secrets, the merchants file, the shop's orders. For this user alone. */
export interface Folder {
  readonly storeFile: string;
  readonly merchantsFile: string;
  /** The shop's own orders. */
  readonly ordersFile: string;
  /** The item shop's own database. */
  readonly itemsFile: string;
  /** `APP_SECRET` and `ENCRYPTION_KEYS`, made at the first start: another secret would end every session that is open. */
  readonly secrets: Readonly<Record<string, string>>;
}

const storeName = 'pay-checkout.db';
const secretsName = 'secrets.json';
const merchantsName = 'merchants.json';
const ordersName = 'shop-orders.json';
const itemsName = 'item-shop.db';
const database = (name: string) => [name, `${name}-wal`, `${name}-shm`];
/** All that the demo ever writes: only that is removed, whatever folder it was given. */
const ours = [...database(storeName), ...database(itemsName), secretsName, merchantsName, ordersName];

export async function openFolder(directory: string, { fresh }: { fresh: boolean }): Promise<Folder> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (fresh) await Promise.all(ours.map((name) => rm(join(directory, name), { force: true })));
    return {
      storeFile: join(directory, storeName),
      merchantsFile: join(directory, merchantsName),
      ordersFile: join(directory, ordersName),
      itemsFile: join(directory, itemsName),
      secrets: await secretsIn(join(directory, secretsName)),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof DemoError) throw error;
    throw new DemoError(`The folder ${directory} can not be used (${code}); set DEMO_DIR to another.`);
  }
}

export const writeOwn = (file: string, value: unknown) =>
  writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });

async function secretsIn(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) {
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch {
      throw new DemoError(`${file} is damaged; start afresh: npm run demo -- --fresh`);
    }
  }
  const made = {
    APP_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  };
  await writeOwn(file, made);
  return made;
}
