import type { Analyzer } from '../../domain/analysis/analyze.ts';
import { createStreamGuard, type GuardReport } from '../../domain/citations-guard.ts';
import { createSupportChecker, groundednessOf } from '../../domain/citations-support.ts';
import { createMarkNumbering, markPattern, toCitations } from '../../domain/citations.ts';
import {
  fillPrompt,
  fitPassages,
  neutralise,
  readLastVerdict,
  readVerdict,
  renderPassages,
  type Verdict,
} from '../../domain/prompt.ts';
import { lacksKind } from '../../domain/quote/kind-fit.ts';
import { readQuestionKind } from '../../domain/quote/question-kind.ts';
import { AppError } from '../../errors.ts';
import type { ChatMessage, ChatModel } from '../../ports.ts';
import type { AnswerTask, Draft } from './draft.ts';
import type { Prompts } from './prompts.ts';
import type { UsageLedger } from './usage.ts';

/** Newest turns that the model sees, and the characters of each. */
const historyTurns = 6;
const historyCharacters = 1500;
/** A reply that is longer goes in circles; reading on would only cost. */
const maxReplyCharacters = 12_000;

export interface ModelAnswerDeps {
  analyzer: Analyzer;
  chatModel: ChatModel;
  prompts: Prompts;
  usage: UsageLedger;
}

/**
 * Answers by the model. Yields what may be shown as it comes (see `citations-guard.ts`), returns the draft. A
 * failure of the model is a draft with status `failed` or `incomplete`; an abort throws the signal's reason.
 */
export async function* modelAnswer(
  { analyzer, chatModel, prompts, usage }: ModelAnswerDeps,
  task: AnswerTask,
  signal: AbortSignal,
): AsyncGenerator<string, Draft> {
  const passages = fitPassages(task.passages, task.budget);
  const numbering = createMarkNumbering();
  const checker = createSupportChecker({
    analyzer,
    passages,
    visitorText: [task.question, ...task.history.map(({ text }) => text)].join('\n'),
    language: task.language,
    allowedHosts: task.linkHosts,
  });
  const guard = createStreamGuard(checker, passages.length, numbering);
  const reader = createVerdictReader();
  let text = '';
  let tokens: number | null = null;
  let model = chatModel.name;
  let status: Draft['status'] = 'complete';
  let received = 0;
  const show = (piece: string) => {
    const shown = text === '' ? piece.trimStart() : piece;
    text += shown;
    return shown;
  };
  try {
    for await (const chunk of chatModel.stream(toMessages(prompts, task, passages), signal)) {
      if (chunk.type === 'end') {
        tokens = usage.add(chunk);
        model = chunk.model;
        if (chunk.finishReason !== 'stop') status = 'incomplete';
        continue;
      }
      received += chunk.text.length;
      if (received > maxReplyCharacters) {
        status = 'incomplete';
        break;
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
    ...weighReport(guard.report(), lacksAskedKind(task, text)),
    verdict: reader.verdict(),
    model,
    promptVersion: prompts.version,
    tokens,
  };
}

function toMessages(prompts: Prompts, task: AnswerTask, passages: AnswerTask['passages']): ChatMessage[] {
  const language = new Intl.DisplayNames(['en'], { type: 'language' }).of(task.language) ?? task.language;
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
        owner: renderOwner(task),
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

/** What the owner adds: rules, tone, and answers in the wanted manner. */
function renderOwner({ instructions, tone, examples }: AnswerTask): string {
  const parts = [
    instructions === '' ? '' : `7. The owner of the website adds: ${neutralise(instructions)}`,
    tone === '' ? '' : `Tone that the owner wants: ${neutralise(tone)}`,
    examples.length === 0 ? '' : `${exampleNotice}\n${examples.map(renderExample).join('\n')}`,
  ];
  return parts.map((part) => (part === '' ? '' : `${part}\n`)).join('');
}

const exampleNotice =
  'Answers that the owner likes, for their manner only; their facts count only where passages hold them too:';

function renderExample({ question, answer }: AnswerTask['examples'][number]): string {
  return `Visitor: ${neutralise(question)}\nYou: ${neutralise(answer)}`;
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

/** A number, a time or a person was asked for, and the text holds none. */
function lacksAskedKind({ standaloneQuestion, language }: AnswerTask, text: string): boolean {
  const said = text.replaceAll(markPattern, ' ');
  const kind = readQuestionKind(standaloneQuestion);
  return text !== '' && lacksKind(kind, said, standaloneQuestion, language);
}

/** The sentences' checks as signals of the confidence. */
function weighReport(
  { checks, caught }: GuardReport,
  lacksAsked: boolean,
): Pick<Draft, 'support' | 'penalties' | 'caught'> {
  const share = (count: number) => (checks.length === 0 ? 0 : count / checks.length);
  return {
    // nothing that could be weighed (another language): neither for nor against
    support: groundednessOf(checks) ?? 0.6,
    caught,
    penalties: {
      lacksKind: lacksAsked,
      invented: caught.some(({ isLeftOut }) => isLeftOut),
      unsupported: share(checks.filter(({ findings }) => findings.includes('words')).length),
      uncited: share(checks.filter(({ hasCitation }) => !hasCitation).length),
    },
  };
}
