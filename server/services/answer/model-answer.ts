import type { Analyzer } from '../../domain/analysis/analyze.ts';
import { createStreamGuard, type GuardReport } from '../../domain/citations-guard.ts';
import { createSupportChecker } from '../../domain/citations-support.ts';
import { createMarkNumbering, toCitations } from '../../domain/citations.ts';
import {
  fillPrompt,
  fitPassages,
  neutralise,
  readLastVerdict,
  readVerdict,
  renderPassages,
  type Verdict,
} from '../../domain/prompt.ts';
import { AppError } from '../../errors.ts';
import type { ChatMessage, ChatModel } from '../../ports.ts';
import type { AnswerTask, Draft } from './draft.ts';
import type { Prompts } from './prompts.ts';

/** Newest turns that the model sees, and the characters of each. */
const historyTurns = 6;
const historyCharacters = 1500;

export interface ModelAnswerDeps {
  analyzer: Analyzer;
  chatModel: ChatModel;
  prompts: Prompts;
}

/**
 * Answers by the model. Yields what may be shown as it comes (see `citations-guard.ts`), returns the draft. A
 * failure of the model is a draft with status `failed` or `incomplete`; an abort throws the signal's reason.
 */
export async function* modelAnswer(
  { analyzer, chatModel, prompts }: ModelAnswerDeps,
  task: AnswerTask,
  signal: AbortSignal,
): AsyncGenerator<string, Draft> {
  const passages = fitPassages(task.passages);
  const numbering = createMarkNumbering();
  const checker = createSupportChecker({
    analyzer,
    passages,
    visitorText: [task.question, ...task.history.map(({ text }) => text)].join('\n'),
    language: task.language,
    allowedHosts: [],
  });
  const guard = createStreamGuard(checker, passages.length, numbering);
  const reader = createVerdictReader();
  let text = '';
  let usage: { inputTokens: number | null; outputTokens: number | null } = {
    inputTokens: null,
    outputTokens: null,
  };
  let status: Draft['status'] = 'complete';
  const show = (piece: string) => {
    const shown = text === '' ? piece.trimStart() : piece;
    text += shown;
    return shown;
  };
  try {
    for await (const chunk of chatModel.stream(toMessages(prompts, task, passages), signal)) {
      if (chunk.type === 'end') {
        usage = chunk;
        if (chunk.finishReason !== 'stop') status = 'incomplete';
        continue;
      }
      const piece = show(guard.push(reader.read(chunk.text)));
      if (piece !== '') yield piece;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    status = text === '' ? 'failed' : 'incomplete';
  }
  const tail = show(guard.push(reader.end()) + guard.end());
  if (tail !== '') yield tail;
  return {
    text,
    citations: toCitations(passages, numbering.used(), () => null),
    isQuoted: false,
    status: status === 'incomplete' && text === '' ? 'failed' : status,
    ...weighReport(guard.report()),
    verdict: reader.verdict(),
    model: chatModel.name,
    promptVersion: prompts.version,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
  };
}

function toMessages(prompts: Prompts, task: AnswerTask, passages: AnswerTask['passages']): ChatMessage[] {
  const language = new Intl.DisplayNames(['en'], { type: 'language' }).of(task.language) ?? task.language;
  const instructions =
    task.instructions === '' ? '' : `7. The owner of the website adds: ${task.instructions}\n`;
  const history = task.history.slice(-historyTurns).map(({ role, text }): ChatMessage => ({
    role: role === 'user' ? 'user' : 'assistant',
    content: neutralise(text).slice(0, historyCharacters),
  }));
  return [
    {
      role: 'system',
      content: fillPrompt(prompts.text('answer'), {
        site: neutralise(task.siteName),
        language,
        instructions,
      }),
    },
    ...history,
    {
      role: 'user',
      content: fillPrompt(prompts.text('answer-question'), {
        passages: renderPassages(passages),
        question: neutralise(task.question),
        language,
      }),
    },
  ];
}

/** Takes the verdict line off the beginning of the stream. */
function createVerdictReader() {
  let waiting: string | null = '';
  let verdict: Verdict | null = null;
  const settle = (result: { verdict: Verdict | null; rest: string }) => {
    waiting = null;
    verdict = result.verdict;
    return result.rest;
  };
  return {
    read(text: string): string {
      if (waiting === null) return text;
      waiting += text;
      const result = readVerdict(waiting);
      return result === null ? '' : settle(result);
    },
    end: () => (waiting === null ? '' : settle(readLastVerdict(waiting))),
    verdict: () => verdict,
  };
}

/** The sentences' checks as signals of the confidence. */
function weighReport({ checks, dropped }: GuardReport): Pick<Draft, 'support' | 'penalties'> {
  const weighed = checks.filter(({ support }) => support !== null);
  const share = (count: number) => (checks.length === 0 ? 0 : count / checks.length);
  const support =
    weighed.reduce((sum, { support: own }) => sum + (own ?? 0), 0) / Math.max(1, weighed.length);
  return {
    // nothing that could be weighed (another language): neither for nor against
    support: weighed.length === 0 ? 0.6 : support,
    penalties: {
      invented: dropped.length > 0,
      unsupported: share(checks.filter(({ findings }) => findings.includes('words')).length),
      uncited: share(checks.filter(({ hasCitation }) => !hasCitation).length),
    },
  };
}
