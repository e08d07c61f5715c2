import { createWorker, OEM } from 'tesseract.js';
import type { OcrData } from './ocr-data.ts';
import { squeeze } from './types.ts';

/** Below this mean certainty (0..100) a page is a picture rather than a text. */
const minConfidence = 40;

/** What the pictures of a page say. */
export interface ReadImages {
  paragraphs: string[];
  /** 0..100, mean over the pictures that hold text; 0 where none does. */
  confidence: number;
}

/** Reads the text of images (any format that Leptonica reads), in all of these languages. */
export async function readImages(
  images: readonly Uint8Array[],
  { folder, languages }: OcrData,
): Promise<ReadImages> {
  if (images.length === 0) return { paragraphs: [], confidence: 0 };
  const worker = await createWorker(languages.join('+'), OEM.LSTM_ONLY, {
    langPath: folder,
    gzip: true,
    cacheMethod: 'none',
    logger: () => {},
    errorHandler: () => {},
  });
  try {
    const paragraphs: string[] = [];
    const confidences: number[] = [];
    for (const image of images) {
      const { data } = await worker.recognize(Buffer.from(image));
      if (data.confidence < minConfidence) continue;
      const texts = data.text
        .split(/\n\s*\n/)
        .map((paragraph) => squeeze(paragraph.replace(/(\p{L})-\n(?=\p{Ll})/gu, '$1')))
        .filter((text) => text !== '');
      if (texts.length > 0) confidences.push(data.confidence);
      paragraphs.push(...texts);
    }
    const sum = confidences.reduce((total, each) => total + each, 0);
    return { paragraphs, confidence: confidences.length === 0 ? 0 : sum / confidences.length };
  } finally {
    await worker.terminate();
  }
}
