import { AppError } from '../errors.ts';
import type { Database, Ids, Logger } from '../ports.ts';
import type { Synonym, SynonymInput } from '../protocol/http-knowledge.ts';
import { deleteSynonym, insertSynonym, listSynonyms, updateSynonym } from '../store/synonym.ts';

/** A site with more would rather need another text on its pages; every search reads them all. */
const maxPerSite = 500;

/** Words that a site's owner says mean the same; search takes them in from the next question on. */
export interface Synonyms {
  list(siteId: string): Promise<Synonym[]>;
  /** @throws AppError `conflict` where the site has as many as it may. */
  add(siteId: string, synonym: SynonymInput): Promise<Synonym>;
  /** Puts other words in place of an entry's. @throws AppError `not-found`. */
  change(siteId: string, id: string, synonym: SynonymInput): Promise<Synonym>;
  /** @throws AppError `not-found`. */
  remove(siteId: string, id: string): Promise<void>;
}

const noSynonyms = () =>
  new AppError('not-found', 'There are no such synonyms.', { fix: "List the site's synonyms." });

/** @see Synonyms */
export function createSynonyms({ db, ids, logger }: { db: Database; ids: Ids; logger: Logger }): Synonyms {
  return {
    list: (siteId) => listSynonyms(db, siteId),
    async add(siteId, { words, means }) {
      const synonym = { id: ids.uuid(), words, means };
      const isAdded = await db.transaction((tx) => insertSynonym(tx, siteId, synonym, maxPerSite));
      if (!isAdded) {
        throw new AppError('conflict', `A site can have ${String(maxPerSite)} synonyms at most.`, {
          fix: 'Remove some, or put several words into one entry.',
        });
      }
      logger.info('synonym-added', { siteId, id: synonym.id });
      return synonym;
    },
    async change(siteId, id, { words, means }) {
      if (!(await updateSynonym(db, siteId, { id, words, means }))) throw noSynonyms();
      return { id, words, means };
    },
    async remove(siteId, id) {
      if (!(await deleteSynonym(db, siteId, id))) throw noSynonyms();
    },
  };
}
