/** An amount for people: small ones keep two digits that count. `currency` is ISO 4217. */
export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    ...(amount > 0 && amount < 0.1 ? { minimumSignificantDigits: 2, maximumSignificantDigits: 2 } : {}),
  }).format(amount);
