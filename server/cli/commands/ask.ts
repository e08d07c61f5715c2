import { z } from 'zod';
import { citedTitle } from '../../domain/citations.ts';
import { AppError } from '../../errors.ts';
import { answerResponseSchema, type AnswerResponse } from '../../protocol/http.ts';
import { onlyArgument, type Command } from '../command.ts';
import { formatBar, type Output } from '../output.ts';
import { siteOption, siteToAsk } from '../site-choice.ts';

const deltaSchema = z.object({ text: z.string() });
const stepSchema = z.object({ step: z.string() });

const decisions = {
  answer: 'answered',
  clarify: 'asked back',
  handoff: 'would hand over to a person',
} as const;

function printOutcome(answer: AnswerResponse, out: Output): void {
  out.print();
  for (const citation of answer.citations) {
    const { marker, url, quote } = citation;
    out.print(`${out.bold(`[${marker}] ${citedTitle(citation)}`)}${url === null ? '' : `  ${out.dim(url)}`}`);
    out.print(`    ${out.dim(`“${quote.replaceAll(/\s+/g, ' ').slice(0, 200)}”`)}`);
  }
  if (answer.citations.length > 0) out.print();
  const percent = Math.round(answer.confidence * 100);
  out.print(`Confidence ${formatBar(answer.confidence, 20)} ${percent} %, ${decisions[answer.decision]}`);
  const signs = { raises: '+', lowers: '-', neutral: ' ' } as const;
  for (const reason of answer.reasons) out.print(`  ${signs[reason.effect]} ${reason.text}`);
}

/** `ask`: the answer as it is written, then what it rests on. */
export const askCommand: Command = {
  name: 'ask',
  usage: '<question>',
  summary: 'Ask a question and watch the answer being written',
  options: { site: siteOption },
  examples: ['ask "Can I return worn boots?"', 'ask "Wie lange habe ich Garantie?" --site demo --json'],
  async run(context) {
    const question = onlyArgument(context.args, 'what to ask');
    const { out, options } = context;
    const site = await siteToAsk(context);
    const api = await context.api();
    let answer: AnswerResponse | null = null;
    for await (const { event, data } of api.events(`/sites/${site}/answers`, { question })) {
      if (event === 'final') answer = answerResponseSchema.parse(data);
      if (options['json'] === true) continue;
      if (event === 'step') out.status(`${stepSchema.parse(data).step}…`);
      if (event === 'delta') out.write(deltaSchema.parse(data).text);
    }
    if (answer === null) {
      throw new AppError('unavailable', 'The answer broke off.', {
        fix: 'Ask again; the log of the server says why.',
      });
    }
    if (options['json'] === true) {
      out.json(answer);
      return 0;
    }
    out.print();
    printOutcome(answer, out);
    return 0;
  },
};
