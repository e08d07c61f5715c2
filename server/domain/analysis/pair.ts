/** Two neighbouring words as one term, in whichever order they stand: "address change" and "change of address". */
export function pairOf(first: string, second: string): string {
  return first < second ? `${first} ${second}` : `${second} ${first}`;
}
