import type { Thread, ThreadEntry, ThreadMessage } from '../../server/protocol/client/types.ts';
import { describeNotice } from './notices.ts';
import type { Texts } from './texts.ts';

/** An answer as one says it: without the marks that are for the eye. */
function spoken(message: ThreadMessage): string {
  if (message.author.role !== 'ai') return message.text;
  return message.text
    .replace(/\[\d+(?:, ?\d+)*\]/gu, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/[*`#>|]+|-{3,}/gu, ' ')
    .replace(/[ \t]+/gu, ' ')
    .trim();
}

function sayEntry(entry: ThreadEntry, texts: Texts): string | null {
  if (entry.kind === 'notice') {
    const { notice } = entry;
    const said = describeNotice(notice, texts).text;
    return notice.type === 'handoff-requested' ? `${said}. ${notice.text}` : said;
  }
  if (entry.outgoing !== null || entry.author.role === 'system') return null;
  const name = entry.author.role === 'ai' ? texts.assistant : (entry.author.name ?? texts.team);
  return `${name}: ${spoken(entry)}`;
}

/**
 * What a screen reader is told about everything that got its place in the log after `seq`: finished messages of
 * the other side and what happened to the conversation. Nothing that is still being written.
 */
export function announcements(thread: Thread, seq: number, texts: Texts): string[] {
  return thread.entries
    .filter((entry) => entry.seq !== null && entry.seq > seq)
    .map((entry) => sayEntry(entry, texts))
    .filter((said) => said !== null);
}
