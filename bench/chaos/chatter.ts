import type { AnswerSource } from '../../server/services/turn-runner.ts';
import { systemIds } from '../../server/system.ts';
import type { Random } from './random.ts';

/** Answers of some words, half a second long, so that people often come in between; some hand off, few break. */
export function createChatter(random: Random): AnswerSource {
  async function* answer({ question, signal }: Parameters<AnswerSource['answer']>[0]) {
    yield { type: 'step', step: 'searching' } as const;
    let text = '';
    for (const word of wordsFor(question, random.int(3, 30))) {
      await new Promise((resolve) => setTimeout(resolve, random.int(5, 60)));
      signal.throwIfAborted();
      if (random.chance(0.002)) throw new Error('The model broke off.');
      text += word;
      yield { type: 'delta', text: word } as const;
    }
    const isHandoff = random.chance(0.15);
    yield {
      type: 'final',
      answer: {
        answerId: systemIds.uuid(),
        text,
        language: 'en',
        decision: isHandoff ? 'handoff' : 'answer',
        handoffReason: isHandoff ? 'low-confidence' : null,
        confidence: isHandoff ? 0.2 : 0.9,
        reasons: [],
        citations: [],
        isQuoted: false,
        passages: [],
        caught: [],
        usage: null,
        timings: {},
      },
    } as const;
  }
  return { answer };
}

function wordsFor(question: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${question}/${String(index)} `);
}
