import { expect, it } from 'vitest';
import { evaluateClarifying } from './clarify.ts';

it('asks back where a question leaves a choice of topics, and hardly elsewhere', async () => {
  const { questions, precision, recall } = await evaluateClarifying();
  expect(questions).toBeGreaterThanOrEqual(30);
  expect(precision).toBeGreaterThanOrEqual(0.9);
  expect(recall).toBeGreaterThanOrEqual(0.8);
});
