import { addressesModel } from '../../server/domain/model-orders.ts';
import { squeeze, type Block } from './types.ts';

/** Characters of a title at most. */
const maxTitle = 200;
/** Words that need not stand in the text; more could be a message. */
const freeWords = 3;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

/**
 * The title that a file states about itself, where no reader sees it. It is believed when it is short, or when half
 * of its words stand in the text too; else anybody could say anything there, in the owner's name.
 */
export function statedTitle(stated: string | null, blocks: readonly Block[]): string | null {
  const title = squeeze(stated ?? '');
  if (title === '' || title.length > maxTitle || addressesModel(title)) return null;
  const words = wordsOf(title);
  if (title.split(' ').length <= freeWords && !/\d{4}|@|:\/\//.test(title)) return title;
  const held = new Set(blocks.flatMap(({ text }) => wordsOf(text)));
  return words.filter((word) => held.has(word)).length * 2 >= words.length ? title : null;
}
