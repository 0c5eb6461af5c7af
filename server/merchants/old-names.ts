import type { Source } from '../environment/source.js';

/** What shops that were with PortOne V1 before call it already, and what it is called here. */
export const oldNames: readonly (readonly [old: string, name: string])[] = [
  ['PORTONE_IMP_KEY', 'PORTONE_API_KEY'],
  ['PORTONE_REST_API_KEY', 'PORTONE_API_KEY'],
  ['IMP_KEY', 'PORTONE_API_KEY'],
  ['PORTONE_REST_API_SECRET', 'PORTONE_V1_API_SECRET'],
  ['PORTONE_IMP_SECRET', 'PORTONE_V1_API_SECRET'],
  ['IMP_SECRET', 'PORTONE_V1_API_SECRET'],
  ['PORTONE_IMP_CODE', 'PORTONE_USER_CODE'],
  ['IMP_CODE', 'PORTONE_USER_CODE'],
  ['PORTONE_BASE_URL', 'PORTONE_V1_API_BASE'],
];

/**
 * The same source, in which old names stand for ours; `source.notices` says which. One that disagrees with ours is a mistake. A merchants
 * file says itself which variables it means: there, nothing is read for anything else.
 */
export function withOldNames(source: Source): Source {
  const env = { ...source.env };
  const text = (name: string) => env[name]?.trim() || undefined;
  if (text('MERCHANTS_FILE') !== undefined) return source;
  for (const [oldName, newName] of oldNames) {
    for (const end of ['', '_FILE']) {
      const [old, name] = [`${oldName}${end}`, `${newName}${end}`];
      const value = text(old);
      if (value === undefined) continue;
      const known = text(name);
      if (known !== undefined && known !== value) {
        source.mistakes.push(`${old}, ${name}: are two names of one thing, and disagree: keep ${name}`);
        continue;
      }
      env[name] = value;
      source.notices.push(`${old} is read as ${name}`);
    }
  }
  return { ...source, env };
}
