import { fillPrompt, neutralise } from '../../domain/prompt.ts';
import { AppError } from '../../errors.ts';
import type { ChatModel, Logger } from '../../ports.ts';
import type { AnswerBudget } from '../answer-budget.ts';
import type { Prompts } from './prompts.ts';
import type { AnswerRequest } from './turn.ts';
import type { UsageLedger } from './usage.ts';

const historyTurns = 8;
const turnCharacters = 800;
/** A longer reply is not a question. */
const maxQuestion = 600;

/**
 * Makes a follow-up understandable alone, by the model. Null where there is nothing to resolve or the model fails:
 * then the search takes the history into account itself.
 */
export async function condense(
  deps: { chatModel: ChatModel | null; prompts: Prompts; logger: Logger; budget: AnswerBudget },
  request: AnswerRequest,
  usage: UsageLedger,
): Promise<string | null> {
  const { question, history, signal } = request;
  if (deps.chatModel === null || history.length === 0) return null;
  const permit = await deps.budget.reserve(request);
  if (permit === null) return null;
  const talk = history
    .slice(-historyTurns)
    .map(
      ({ role, text }) =>
        `${role === 'user' ? 'Visitor' : 'Help desk'}: ${neutralise(text).slice(0, turnCharacters)}`,
    )
    .join('\n');
  const content = fillPrompt(deps.prompts.text('condense'), {
    history: talk,
    question: neutralise(question),
  });
  let reply = '';
  let spent: number | null = null;
  try {
    for await (const chunk of deps.chatModel.stream([{ role: 'user', content }], signal)) {
      if (chunk.type === 'delta') reply += chunk.text;
      else spent = usage.add(chunk);
      if (reply.length > maxQuestion) return null;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    deps.logger.warn('condense-failed', { code: error.code });
    return null;
  } finally {
    await permit.settle(spent);
  }
  const condensed = reply.replaceAll(/<\/?newest>/gu, '').trim();
  return condensed === '' ? null : condensed;
}
