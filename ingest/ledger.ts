import { AppError } from '../server/errors.ts';
import type { SourceItemState } from '../server/protocol/http-knowledge.ts';
import type { StoredDocument } from '../server/services/passage-index.ts';
import type { ItemEnd } from '../server/store/source-item.ts';

/**
 * What a page without text means for the text that an earlier run stored: `at-once` the page says that it is gone,
 * `after-two` it may be a passing fault, `never` it has nothing to do with the page.
 */
export type Removal = 'at-once' | 'after-two' | 'never';

/** How an item ended, in words for the owner: what happened, then what to do. */
export type Outcome = ItemEnd & { reason: string; removal: Removal };

function outcome(state: SourceItemState, reason: string, removal: Removal = 'after-two'): Outcome {
  return { state, reason, removal };
}

/** Every way in which an item can end without being stored; one place, so that they read alike. */
export const outcomes = {
  robots: () =>
    outcome(
      'skipped',
      "The site's robots.txt forbids it. Allow the user agent Deskbell there to have it read.",
      'at-once',
    ),
  robotsUnreadable: (problem: string) =>
    outcome(
      'skipped',
      `The site's robots.txt could not be read, which forbids everything: ${problem} Try again later.`,
    ),
  noindex: () =>
    outcome(
      'skipped',
      'The page asks not to be indexed (noindex). Remove that mark to have it read.',
      'at-once',
    ),
  otherSite: (target: string) =>
    outcome(
      'skipped',
      `It redirects to another site (${target}). Add that site as a source of its own.`,
      'at-once',
    ),
  excluded: () =>
    outcome('skipped', 'It is out of scope: the include and exclude patterns leave it out.', 'at-once'),
  redirect: (target: string) =>
    outcome('skipped', `It redirects to ${target}, which is read instead.`, 'at-once'),
  refresh: (target: string) =>
    outcome(
      'skipped',
      `It sends its readers on to ${target} (meta refresh), which is read instead.`,
      'at-once',
    ),
  refreshCircle: () =>
    outcome(
      'failed',
      'It sends its readers on more than 5 times, or in a circle (meta refresh). Repair that.',
    ),
  duplicateOf: (target: string) => outcome('skipped', `It is a duplicate of ${target}.`, 'at-once'),
  pageLimit: (limit: number) =>
    outcome('skipped', `The limit of ${String(limit)} pages was reached. Raise it to read more.`, 'never'),
  depthLimit: (limit: number) =>
    outcome(
      'skipped',
      `It is more than ${String(limit)} links away from the start. Raise the depth to read it.`,
      'never',
    ),
  unreadable: (failure: { code: string; message: string; fix: string }) =>
    outcome(failure.code === 'unsupported-type' ? 'skipped' : 'failed', `${failure.message} ${failure.fix}`),
  unpacked: (count: number, hidden: number) =>
    outcome(
      'skipped',
      `It holds ${count === 1 ? 'one entry, which is' : `${String(count)} entries, which are`} listed by name.${
        hidden > 0 ? ` ${String(hidden)} hidden ones were left out.` : ''
      }`,
      'never',
    ),
  emptyContainer: () => outcome('empty', 'It holds no files or documents. Check it, and upload it again.'),
  nestedArchive: () =>
    outcome('skipped', 'It is an archive within an archive. Unpack it and upload its files by themselves.'),
  superseded: () =>
    outcome('skipped', 'Another source has given this document since, and its text counts.', 'never'),
  leftContainer: () => outcome('failed', 'The file that it came in no longer gives it.'),
  fileGone: () => outcome('failed', 'The file is no longer there. Upload it again.'),
  unreadableName: () =>
    outcome('skipped', 'Its name says that it holds no text (an image, a script, an archive ...).'),
  empty: (notes: readonly string[] = []) =>
    outcome(
      'empty',
      notes.length > 0
        ? `No text was found. ${notes.join(' ')}`
        : 'No text was found. If a browser shows some, it is drawn by script: add the text another way.',
    ),
  gone: (status: number) =>
    outcome(
      'failed',
      `The server says that it does not exist (${String(status)}). Remove or repair the link to it.`,
      'at-once',
    ),
  needsLogin: (status: number) =>
    outcome(
      'blocked',
      `The server demands a login (${String(status)}). Publish the page, or upload its text.`,
    ),
  forbidden: (status: number) =>
    outcome('blocked', `The server refuses the crawler (${String(status)}). Let the user agent Deskbell in.`),
  loginPage: () => outcome('blocked', 'It is a login page. Publish what lies behind it, or upload its text.'),
  botChallenge: () =>
    outcome('blocked', 'The site shows a bot check instead of the page. Let the user agent Deskbell in.'),
  errorPage: () =>
    outcome(
      'failed',
      'It is an error page, although the server says that all is well (200). Remove or repair the link to it.',
    ),
  tooManyRequests: () =>
    outcome('failed', 'The server answers that it gets too many requests (429). Read it again later.'),
  badStatus: (status: number) =>
    outcome('failed', `The server answered with an error (${String(status)}). Read it again later.`),
  brokeWorker: (attempts: number) =>
    outcome('failed', `Reading it broke off ${String(attempts)} times. Check the file, or leave it out.`),
  unchanged: () => outcome('unchanged', 'It is the same as when it was last read.', 'never'),
  cancelled: () => outcome('skipped', 'The source was cancelled before it was read.', 'never'),
  stopped: (why: string) =>
    outcome('failed', `It was not read, because the run was stopped: ${why}`, 'never'),
} as const;

const passages = (count: number) => `${String(count)} ${count === 1 ? 'passage' : 'passages'}`;

/** How a stored document came out, in sentences. */
export function storedReason({ passageIds, added, repeated }: StoredDocument, isNew: boolean): string[] {
  const total = passageIds.length;
  const was = added === 1 ? 'was' : 'were';
  return [
    `Stored as ${passages(total)}.`,
    ...(isNew ? [] : [`${String(added)} of ${passages(total)} ${was} new.`]),
    ...(repeated === 0 ? [] : [`${passages(repeated)} that others say too stand in the index once.`]),
  ];
}

/** What an expected failure means for the item it happened to; null for a failure that is a fault of ours. */
export function outcomeOfError(error: unknown): Outcome | null {
  if (!(error instanceof AppError)) return null;
  const reason = [error.message, error.fix].filter((part) => part !== undefined && part !== '').join(' ');
  switch (error.code) {
    case 'unsupported-type':
      return outcome('skipped', reason);
    case 'too-large':
    case 'fetch-refused':
    case 'fetch-failed':
    case 'extract-failed':
    case 'embedding-invalid':
    case 'model-unavailable':
    case 'invalid-request':
      return outcome('failed', reason);
    default:
      return null;
  }
}
