import type { FinalAnswer } from '../domain/answer.ts';
import type { AnswerService } from './answer.ts';

/** The same answers; `observe` sees each one that is finished, whoever asked. */
export function observeAnswers(
  answers: AnswerService,
  observe: (answer: FinalAnswer) => void,
): AnswerService {
  return {
    async *answer(request) {
      for await (const progress of answers.answer(request)) {
        if (progress.type === 'final') observe(progress.answer);
        yield progress;
      }
    },
  };
}
