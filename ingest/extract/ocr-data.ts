import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '../../server/errors.ts';

/** In which languages OCR reads, by Tesseract's codes, and the folder that holds their data. */
export interface OcrData {
  folder: string;
  languages: readonly string[];
}

const dataFile = (language: string) => `${language}.traineddata.gz`;

/** The folder of a language's package; null where it is not installed. */
function packageFolder(language: string): string | null {
  try {
    const file = createRequire(import.meta.url).resolve(`@tesseract.js-data/${language}/package.json`);
    return path.join(path.dirname(file), '4.0.0_best_int');
  } catch {
    return null;
  }
}

/** A language that is to be read must be there before the first scan comes. @throws AppError `start-failed` */
function folderOf(language: string): string {
  const folder = packageFolder(language);
  if (folder !== null) return folder;
  throw new AppError('start-failed', `OCR_LANGUAGES names "${language}", whose data are not installed.`, {
    fix: `Install them with "npm install @tesseract.js-data/${language}", or leave the language out.`,
  });
}

/** English alone, as it comes with Deskbell. */
export const englishOcr = (): OcrData => ({ folder: folderOf('eng'), languages: ['eng'] });

/**
 * Makes the data of these languages ready for OCR, which takes several from one folder only while each comes as a
 * package of its own: they are copied into `folder`. Nothing is downloaded.
 * @throws AppError `start-failed` for a language whose package is not installed.
 */
export async function prepareOcr(languages: readonly string[], folder: string): Promise<OcrData> {
  const [first, ...others] = languages;
  if (first === undefined) return englishOcr();
  if (others.length === 0) return { folder: folderOf(first), languages };
  const from = languages.map((language) => path.join(folderOf(language), dataFile(language)));
  await mkdir(folder, { recursive: true });
  for (const file of from) await copyFile(file, path.join(folder, path.basename(file)));
  return { folder, languages };
}

/** ISO 639-1 where there is such a code: `deu` and `chi_sim` are `de` and `zh`. */
function shortCode(language: string): string {
  const [code = ''] = language.split('_');
  try {
    return Intl.getCanonicalLocales(code)[0] ?? code;
  } catch {
    return code;
  }
}

/** Those of the languages that a document in `language` (ISO 639-1) is written in; all where that is not known. */
export function languagesFor(language: string | null, all: readonly string[]): readonly string[] {
  const own = all.filter((each) => shortCode(each) === language);
  return own.length > 0 ? own : all;
}

const names = new Intl.DisplayNames('en', { type: 'language' });
const list = new Intl.ListFormat('en');

/** `English and German`. */
export function languageNames(languages: readonly string[]): string {
  return list.format([...new Set(languages.map((each) => names.of(shortCode(each)) ?? each))]);
}
