import process from 'node:process';
import Database from 'libsql';
import type { EventView } from '../../contract/index.js';
import { openDatabase } from '../../demo/item-shop/database.js';
import { createLedger } from '../../demo/item-shop/grants/ledger.js';

/**
 * A process of the shop that counts a page and dies of SIGKILL just before its n-th call of the database, counted from when the page is
 * there. It says how many calls there were if it comes to its end. Arguments: the file, n, the events.
 */
const [file = '', dieAt = '0', events = '[]'] = process.argv.slice(2);
let calls = 0;
let counting = false;

function call(): void {
  if (counting && ++calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
}

function mortal(path: string): Database.Database {
  const database = new Database(path);
  const prepare = database.prepare.bind(database);
  const exec = database.exec.bind(database);
  database.exec = (sql: string) => {
    call();
    return exec(sql);
  };
  database.prepare = ((sql: string) => {
    call();
    return prepare(sql);
  }) as typeof database.prepare;
  return database;
}

const ledger = createLedger(openDatabase(file, mortal));
counting = true;
ledger.count({ from: undefined, events: JSON.parse(events) as EventView[], next: 'c1' });
process.stdout.write(String(calls));
