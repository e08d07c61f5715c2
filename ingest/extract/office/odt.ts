import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { extracted, hiddenNotes, type Extracted } from '../types.ts';
import { statedTitle } from '../stated-title.ts';
import { chartAt, readOdfCharts } from './chart-odf.ts';
import { createFlow } from './flow.ts';
import { createHiddenParts } from './odt-hidden.ts';
import { readTitle, walkXml } from './xml.ts';

const silentParts = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:sequence-decls',
  'office:forms',
]);
const maxRepeats = 50;

/**
 * Reads an OpenDocument file: headings, lists, tables, charts; without deleted text, comments, speaker notes and what is hidden.
 * @throws AppError `extract-failed` when it has no content part.
 */
export async function extractOdt(archive: Archive): Promise<Extracted> {
  const content = await archive.read('content.xml');
  if (content === null)
    throw new AppError('extract-failed', 'The file has no text part.', { fix: 'Save it anew.' });
  const charts = await readOdfCharts(archive);
  const flow = createFlow();
  const hidden = createHiddenParts();
  let silent = 0;
  let listDepth = -1;
  let heading = 0;
  let isInBody = false;
  walkXml(content, {
    open(name, attributes) {
      if (silent > 0 || silentParts.has(name) || hidden.open(name, attributes)) {
        silent += 1;
        return;
      }
      flow.add(chartAt(charts, name, attributes));
      if (name === 'office:body') isInBody = true;
      else if (name === 'text:list') listDepth += 1;
      else if (name === 'text:h') heading = Number(attributes['text:outline-level'] ?? 1) || 1;
      else if (name === 'text:s')
        flow.write(' '.repeat(Math.min(Number(attributes['text:c'] ?? 1) || 1, maxRepeats)));
      else if (name === 'text:tab' || name === 'text:line-break') flow.write(' ');
      else if (name === 'table:table') flow.openTable();
      else if (name === 'table:table-row') flow.openRow();
      else if (name === 'table:table-cell') {
        flow.openCell();
        flow.spanCell({
          columns: Number(
            attributes['table:number-columns-spanned'] ?? attributes['table:number-columns-repeated'] ?? 1,
          ),
          rows: Number(attributes['table:number-rows-spanned'] ?? 1),
        });
      }
    },
    text(data) {
      if (silent === 0 && isInBody) flow.write(data);
    },
    close(name) {
      if (silent > 0) {
        silent -= 1;
        return;
      }
      hidden.close(name);
      if (name === 'text:h') {
        flow.end({ heading });
        heading = 0;
      } else if (name === 'text:p') flow.end({ listDepth: listDepth >= 0 ? listDepth : null });
      else if (name === 'text:list') listDepth -= 1;
      else if (name === 'table:table-cell') flow.closeCell();
      else if (name === 'table:table') flow.closeTable();
    },
  });
  const first = flow.blocks.find((entry) => entry.type === 'heading');
  const title = statedTitle(readTitle(await archive.read('meta.xml')), flow.blocks) ?? first?.text ?? null;
  return extracted(flow.blocks, { title, notes: hiddenNotes(hidden.hasHidden()) });
}
