import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { z } from 'zod';
import { openPdf } from './pdf.ts';

/** Images smaller than this are ornaments. */
const minPixels = 40_000;

const imageShape = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** pdf.js's ImageKind: 1 one bit grey, 2 RGB, 3 RGBA. */
  kind: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  data: z.custom<ArrayLike<number>>((value) => ArrayBuffer.isView(value)),
});
type PdfImage = z.infer<typeof imageShape>;

function greyAt({ kind, data, width }: PdfImage, x: number, y: number): number {
  if (kind === 1) {
    const byte = data[y * Math.ceil(width / 8) + (x >> 3)] ?? 0;
    return (byte >> (7 - (x & 7))) & 1 ? 255 : 0;
  }
  const at = (y * width + x) * (kind === 2 ? 3 : 4);
  // Luma of ITU-R BT.601.
  return Math.round(0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0));
}

/** The image as a portable grey map (Netpbm P5), which needs no encoder. */
function toGreyMap(image: PdfImage): Buffer {
  const { width, height } = image;
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = greyAt(image, x, y);
  return Buffer.concat([Buffer.from(`P5\n${String(width)} ${String(height)}\n255\n`), pixels]);
}

/**
 * The images of one page, in the order of painting, as grey maps: what a scanned page consists of.
 * @param number 1-based page.
 */
export async function pageImages(bytes: Uint8Array, number: number): Promise<Buffer[]> {
  const task = openPdf(bytes);
  try {
    const page = await (await task.promise).getPage(number);
    const operators = await page.getOperatorList();
    const images: Buffer[] = [];
    for (const [index, operator] of operators.fnArray.entries()) {
      if (operator !== OPS.paintImageXObject) continue;
      const [name]: unknown[] = operators.argsArray[index] ?? [];
      if (typeof name !== 'string') continue;
      const objects = name.startsWith('g_') ? page.commonObjs : page.objs;
      const found = await new Promise<unknown>((resolve) => objects.get(name, resolve));
      const image = imageShape.safeParse(found);
      if (image.success && image.data.width * image.data.height >= minPixels)
        images.push(toGreyMap(image.data));
    }
    return images;
  } finally {
    await task.destroy();
  }
}
