import type { ThreadNotice } from '../../server/protocol/client/types.ts';
import type { Texts } from './texts.ts';

/** What happened to the conversation, in a line, and the sign for it. */
export function describeNotice(
  notice: ThreadNotice['notice'],
  texts: Texts,
): { icon: 'person' | 'back' | 'done'; text: string } {
  switch (notice.type) {
    case 'handoff-requested':
      return { icon: 'person', text: texts.notice.handoff };
    case 'assigned':
      return { icon: 'person', text: texts.notice.assigned(notice.agentName) };
    case 'returned':
      return { icon: 'back', text: texts.notice.returned(notice.agentName) };
    case 'resolved':
      return { icon: 'done', text: texts.notice.resolved(notice.agentName) };
    case 'reopened':
      return { icon: 'back', text: texts.notice.reopened };
  }
}
