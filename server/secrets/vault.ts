import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface EncryptionKey {
  /** Letters, digits, `-`: stands in clear before what it encrypted. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Encryption at rest: AES-256-GCM. */
export interface Vault {
  /** `v1.<key id>.<iv>.<ciphertext>.<tag>`, parts in base64url. `aad` says where it belongs (the record's identity) and is needed to open it. */
  seal(plain: string, aad: string): string;
  /** Throws `VaultError` if the text was changed, moved to another record, or sealed under a key that is no longer configured. */
  open(sealed: string, aad: string): string;
}

/** The message never holds what was sealed. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const shape = /^v1\.([A-Za-z0-9-]{1,32})\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;

/** The first key seals, all open: rotate by putting a new key first, and drop an old one when nothing sealed with it is left. */
export function createVault(keys: readonly EncryptionKey[]): Vault {
  const [first] = keys;
  if (!first) throw new Error('createVault needs at least one key');
  const byId = new Map(keys.map((entry) => [entry.id, entry.key]));
  return {
    seal(plain, aad) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', first.key, iv).setAAD(Buffer.from(aad));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return ['v1', first.id, ...parts].join('.');
    },
    open(sealed, aad) {
      const [, id, iv, text, tag] = shape.exec(sealed) ?? [];
      if (id === undefined || iv === undefined || text === undefined || tag === undefined) {
        throw new VaultError('not a sealed text');
      }
      const key = byId.get(id);
      if (!key) throw new VaultError(`sealed with key "${id}", which is not in ENCRYPTION_KEYS`);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
        .setAAD(Buffer.from(aad))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      try {
        return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
      } catch {
        throw new VaultError('the sealed text was changed, or belongs to another record');
      }
    },
  };
}
