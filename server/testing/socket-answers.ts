import type { AnswerProgress, FinalAnswer } from '../domain/answer.ts';
import type { AnswerSource } from '../services/turn-runner.ts';

type Request = Parameters<AnswerSource['answer']>[0];

/** One answer being made, driven by the test. */
export interface ScriptedTurn {
  request: Request;
  say(text: string): void;
  step(step: Extract<AnswerProgress, { type: 'step' }>['step']): void;
  /** Ends with everything said so far. */
  finish(changes?: Partial<FinalAnswer>): void;
  fail(error: Error): void;
}

export interface ScriptedAnswers extends AnswerSource {
  /** Every answer asked for, in order. */
  turns: ScriptedTurn[];
  /** When set, answers end by themselves with this text, piece by piece. */
  auto: ((request: Request) => string) | null;
}

/** An answer service whose every word the test decides. */
export function createScriptedAnswers(): ScriptedAnswers {
  const answers: ScriptedAnswers = { turns: [], auto: null, answer };

  async function* answer(request: Request): AsyncGenerator<AnswerProgress> {
    const script = createScript(request);
    answers.turns.push(script.turn);
    if (answers.auto !== null) {
      for (const word of answers.auto(request).split(/(?<= )/)) script.turn.say(word);
      script.turn.finish();
    }
    yield* script.play();
  }

  return answers;
}

function createScript(request: Request) {
  const queue: (AnswerProgress | Error)[] = [];
  let wake: () => void = () => {};
  let said = '';

  function push(item: AnswerProgress | Error): void {
    queue.push(item);
    wake();
  }

  const turn: ScriptedTurn = {
    request,
    say(text) {
      said += text;
      push({ type: 'delta', text });
    },
    step: (step) => push({ type: 'step', step }),
    finish: (changes = {}) => push({ type: 'final', answer: { ...finalAnswer(said), ...changes } }),
    fail: (error) => push(error),
  };

  async function* play(): AsyncGenerator<AnswerProgress> {
    for (;;) {
      request.signal.throwIfAborted();
      const item = queue.shift();
      if (item instanceof Error) throw item;
      if (item !== undefined) {
        yield item;
        if (item.type === 'final') return;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        request.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  return { turn, play };
}

let made = 0;

/** A confident answer with this text. */
export function finalAnswer(text: string): FinalAnswer {
  made += 1;
  return {
    answerId: `01900000-0000-7000-9000-${String(made).padStart(12, '0')}`,
    text,
    language: 'en',
    decision: 'answer',
    handoffReason: null,
    confidence: 0.9,
    reasons: [{ code: 'covered', text: 'The pages cover the question.', effect: 'raises' }],
    citations: [],
    isQuoted: false,
    passages: [{ documentId: 'd1', title: 'Secret passage', url: null, text: 'only for agents', score: 1 }],
    caught: [],
    usage: null,
    timings: {},
  };
}
