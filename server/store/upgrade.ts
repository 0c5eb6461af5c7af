import type { Row } from './rows.js';
import type { AnyDefinition, Doc } from './store.js';
import { BadDocument } from './store.js';

/**
 * The document of a stored row, brought to the version that is written now. Nothing is stored: the next replace does that, and until
 * then the row stands in its indexes with the fields it was written with.
 */
export function upgraded(definition: AnyDefinition, { id, rev, v, body }: Row): Doc {
  if (v > definition.version) {
    throw new BadDocument(
      `${definition.name}: a document has schema version ${v}, this program knows up to ${definition.version}: run the newer program`,
    );
  }
  let doc: object = { id, ...body, rev, v };
  for (let from = v; from < definition.version; from++) {
    const step = definition.upgrade?.[from] as ((old: object) => object) | undefined;
    if (step === undefined)
      throw new BadDocument(`${definition.name}: there is no upgrade from schema version ${from}`);
    doc = step(doc);
  }
  return { ...doc, id, rev, v: definition.version };
}
