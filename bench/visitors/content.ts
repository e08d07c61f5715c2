const kinds = ['tent', 'kayak', 'stove', 'lantern', 'backpack', 'compass', 'hammock', 'sleeping bag'];
const makers = ['Alvor', 'Brenta', 'Corvil', 'Dunmar', 'Elsig', 'Fjalla', 'Gronda', 'Hestra'];

const kindOf = (number: number) => kinds[number % kinds.length] ?? '';
const makerOf = (number: number) => makers[Math.floor(number / kinds.length) % makers.length] ?? '';
/** Different products there are. */
const productCount = kinds.length * makers.length;

/** What the site knows before the measurement begins, as lines of the documents' API. */
export function knownDocuments(): string {
  return Array.from({ length: productCount }, (_, number) => {
    const name = `${makerOf(number)} ${kindOf(number)}`;
    const text = `The warranty of the ${name} lasts ${String(2 + (number % 9))} years. Keep the receipt of the ${name}.`;
    return JSON.stringify({ id: `known-${String(number)}`, title: `Warranty of the ${name}`, text });
  }).join('\n');
}

/** A question that one of the known documents answers. */
export function knownQuestion(number: number): string {
  return `How long does the warranty of the ${makerOf(number)} ${kindOf(number)} last?`;
}
