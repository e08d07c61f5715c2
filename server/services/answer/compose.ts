import { phrasesFor } from '../../domain/language-phrases.ts';
import type { Outcome } from '../../domain/escalation.ts';
import type { Intent } from '../../domain/intent.ts';
import type { Draft } from './draft.ts';

/** What the visitor reads, and which of it rests on pages. */
export interface Wording {
  text: string;
  /** The draft's text is part of it, and so are its citations. */
  showsDraft: boolean;
}

/**
 * The final text for an outcome. A draft that was shown already (streamed by a model) stays and is completed; one
 * that was not shown is only shown when it is answered with, or when the model is away and the quotation is to be
 * trusted. Nothing that may be wrong is claimed on a handoff.
 */
export function composeText(
  intent: Intent,
  outcome: Outcome,
  draft: Draft | null,
  situation: { hasContent: boolean; language: string; isTrusted: boolean },
): Wording {
  const phrases = phrasesFor(situation.language);
  const own = (text: string): Wording => ({ text, showsDraft: false });
  if (intent !== 'question' && intent !== 'person') return own(phrases[intent]);
  const shown = draft !== null && !draft.isQuoted && draft.text !== '' ? draft : null;
  const after = (notice: string): Wording =>
    shown === null ? own(notice) : { text: `${shown.text}\n\n${notice}`, showsDraft: true };
  switch (outcome.handoffReason) {
    case 'visitor-asked':
      return own(phrases.personAsked);
    case 'nothing-found':
      return own(situation.hasContent ? phrases.notFound : phrases.noContent);
    case 'model-unavailable':
      if (shown !== null) return after(phrases.brokeOff);
      return draft?.isQuoted === true && situation.isTrusted
        ? { text: `${phrases.modelAway} ${draft.text}`, showsDraft: true }
        : own(phrases.modelAway);
    case 'low-confidence':
    case 'rule':
      return shown === null ? own(phrases.notFound) : after(phrases.unsure);
    case null:
      if (outcome.decision === 'clarify' && shown === null) return own(phrases.clarify);
      return draft === null ? own(phrases.notFound) : { text: draft.text, showsDraft: true };
  }
}
