import type { Value } from './checks.js';
import { checkedId, checkedRev, plainBody } from './checks.js';
import { encodeCursor } from './cursor.js';
import type { Page } from './query.js';
import { planPage } from './query.js';
import type { Row, Rows } from './rows.js';
import type { AnyDefinition, Collection, Definition, Doc, Index } from './store.js';
import { upgraded } from './upgrade.js';

/** The part of a collection that is the same on every engine: checks, revisions, cursors, upgrades. */
export function collectionOf<D extends Doc, I extends Record<string, Index<D>>>(
  definition: Definition<D, I>,
  rows: Rows,
): Collection<D, I> {
  const { name, version } = definition;
  const read = (row: Row): D => upgraded(definition as AnyDefinition, row) as D;
  return {
    async insert(doc) {
      const row = { id: checkedId(doc.id, name), rev: 1, v: version, body: plainBody(definition, doc) };
      return (await rows.insert(row)) ? { ok: true, doc: read(row) } : { ok: false, why: 'taken' };
    },
    async get(id) {
      const row = await rows.get(checkedId(id, name));
      return row && read(row);
    },
    async find(query) {
      const page = planPage(definition, query);
      if (page.empty) return { docs: [] };
      // One more than asked for tells whether there is a next page.
      const found = await rows.page(page, page.limit + 1);
      const docs = found.slice(0, page.limit).map(read);
      const last = found[page.limit - 1];
      return found.length > page.limit && last
        ? { docs, next: encodeCursor(page.bound, position(page, last)) }
        : { docs };
    },
    async replace(doc) {
      const rev = checkedRev(doc.rev, name);
      const row = { id: checkedId(doc.id, name), rev: rev + 1, v: version, body: plainBody(definition, doc) };
      return (await rows.replace(row, rev)) ? { ok: true, doc: read(row) } : { ok: false, why: 'stale' };
    },
    async remove(id, rev) {
      return rows.remove(checkedId(id, name), checkedRev(rev, name));
    },
  };
}

/** From the row as it is stored: an upgrade may have changed the document's fields, but not its place in the index. */
const position = (page: Page, row: Row) => ({
  values: page.keys.slice(page.fixed.length).map((key) => row.body[key] as Value),
  id: row.id,
});

/** Finds the collection of a definition that the store was opened with; the definition must be the very same. */
export function collections(
  definitions: readonly AnyDefinition[],
  rowsOf: (definition: AnyDefinition) => Rows,
): <D extends Doc, I extends Record<string, Index<D>>>(definition: Definition<D, I>) => Collection<D, I> {
  const rows = new Map<AnyDefinition, Rows>(definitions.map((definition) => [definition, rowsOf(definition)]));
  return (definition) => {
    const own = rows.get(definition);
    if (own === undefined) throw new Error(`store: it was not opened with the collection ${definition.name}`);
    return collectionOf(definition, own);
  };
}
