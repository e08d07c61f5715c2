import { createRequire } from 'node:module';
import path from 'node:path';
import { createWorker, OEM } from 'tesseract.js';
import { block, squeeze, type Block } from './types.ts';

/** The language data come as a package: nothing is downloaded. */
const languageFolder = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')),
  '4.0.0_best_int',
);

/** Below this mean certainty (0..100) a page is a picture rather than a text. */
const minConfidence = 40;

/** Reads the text of images (any format that Leptonica reads), one paragraph per block of it. */
export async function readImages(images: readonly Uint8Array[], page: number): Promise<Block[]> {
  if (images.length === 0) return [];
  const worker = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: languageFolder,
    gzip: true,
    cacheMethod: 'none',
    logger: () => {},
    errorHandler: () => {},
  });
  try {
    const blocks: Block[] = [];
    for (const image of images) {
      const { data } = await worker.recognize(Buffer.from(image));
      if (data.confidence < minConfidence) continue;
      for (const paragraph of data.text.split(/\n\s*\n/)) {
        const text = squeeze(paragraph.replace(/(\p{L})-\n(?=\p{Ll})/gu, '$1'));
        if (text !== '') blocks.push(block('paragraph', text, { page }));
      }
    }
    return blocks;
  } finally {
    await worker.terminate();
  }
}
