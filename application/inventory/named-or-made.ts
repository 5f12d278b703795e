import { DomainError, type Instant } from '../../domain/index.js';
import type { Catalogue, NewNamed } from './ports.js';

/** The entry of that name, made when there is none. Two who make it at the same moment get the same one. */
export const namedOrMade = async <Entry, NewEntry extends NewNamed>(
  catalogue: Catalogue<Entry, NewEntry>,
  entry: NewEntry,
  now: Instant,
): Promise<Entry> => {
  const known = await catalogue.named(entry.name);
  if (known) return known;
  try {
    return await catalogue.add(entry, now);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'catalogue.duplicate-name') throw error;
    const made = await catalogue.named(entry.name);
    if (!made) throw error;
    return made;
  }
};
