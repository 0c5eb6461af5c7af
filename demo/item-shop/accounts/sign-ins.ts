import { createHash, randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { ShopDatabase } from '../database.js';
import { type Person, personOf } from './people.js';

const cookieName = 'expedition';
const lastsMs = 14 * 24 * 3_600_000;

/** Who is signed in, by the shop's own cookie. The file holds digests: who reads it can't sign in with it. */
export interface SignIns {
  personOf(req: Request): Person | undefined;
  begin(req: Request, res: Response, person: Person): void;
  end(req: Request, res: Response): void;
}

export function createSignIns(database: ShopDatabase, now: () => number): SignIns {
  const forget = (req: Request) => {
    const secret = secretOf(req);
    if (secret) database.run('DELETE FROM sign_ins WHERE digest = ?', digestOf(secret));
  };
  const cookieOf = (req: Request) =>
    // Lax: whoever comes back from a payment company comes from another site, and is still signed in.
    ({ httpOnly: true, sameSite: 'lax', secure: req.secure, path: '/' }) as const;
  return {
    personOf(req) {
      const secret = secretOf(req);
      if (!secret) return undefined;
      const [row] = database.all<{ person: string }>(
        'SELECT person FROM sign_ins WHERE digest = ? AND until > ?',
        ...[digestOf(secret), now()],
      );
      return row && personOf(row.person);
    },
    begin(req, res, person) {
      forget(req);
      const secret = randomBytes(32).toString('base64url');
      database.run('DELETE FROM sign_ins WHERE until <= ?', now());
      database.run('INSERT INTO sign_ins VALUES (?, ?, ?)', digestOf(secret), person.id, now() + lastsMs);
      res.cookie(cookieName, secret, { ...cookieOf(req), maxAge: lastsMs });
    },
    end(req, res) {
      forget(req);
      res.clearCookie(cookieName, cookieOf(req));
    },
  };
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

function secretOf(req: Request): string | undefined {
  const all = (req.get('cookie') ?? '').split(/;\s*/).map((each) => each.split('='));
  const found = all.find(([name]) => name === cookieName)?.[1];
  return found !== undefined && /^[\w-]{43}$/.test(found) ? found : undefined;
}
