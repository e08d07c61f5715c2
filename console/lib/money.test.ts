import { expect, test } from 'vitest';
import { money } from './money.ts';

test.each([
  [0, 'USD', '$0.00'],
  [12.5, 'EUR', '€12.50'],
  [0.00342, 'USD', '$0.0034'],
])('%s %s is shown as %s', (amount, currency, text) => {
  expect(money(amount, currency)).toBe(text);
});
