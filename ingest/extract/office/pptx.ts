import { AppError } from '../../../server/errors.ts';
import type { Archive } from '../archive.ts';
import { extracted, type Extracted } from '../types.ts';
import { drawnAt, readDrawings, type Drawings } from './drawings.ts';
import { createFlow, type Flow } from './flow.ts';
import { folderOf, readRelations, readTitle, relationsOf, walkXml } from './xml.ts';

async function slideNames(archive: Archive): Promise<string[]> {
  const main = await archive.read('ppt/presentation.xml');
  if (main === null)
    throw new AppError('extract-failed', 'The presentation has no slides.', { fix: 'Save it anew.' });
  const relations = readRelations(await archive.read('ppt/_rels/presentation.xml.rels'), 'ppt');
  const names: string[] = [];
  walkXml(main, {
    open(name, attributes) {
      const target = name === 'p:sldId' ? relations.get(attributes['r:id'] ?? '') : undefined;
      if (target !== undefined) names.push(target);
    },
  });
  return names;
}

function readSlide(bytes: Buffer, flow: Flow, page: number, drawings: Drawings): void {
  let isTitle = false;
  let isText = false;
  let depth = 0;
  let isBullet = false;
  let inTable = false;
  walkXml(bytes, {
    open(name, attributes) {
      flow.add(drawnAt(drawings, name, attributes));
      if (name === 'p:sp') isTitle = false;
      else if (name === 'p:ph') {
        isTitle = /^(?:title|ctrTitle)$/.test(attributes['type'] ?? '');
        isBullet = !isTitle && !/^(?:subTitle|dt|ftr|sldNum)$/.test(attributes['type'] ?? '');
      } else if (name === 'a:p') depth = 0;
      else if (name === 'a:pPr') depth = Number(attributes['lvl'] ?? 0) || 0;
      else if (name === 'a:buNone') isBullet = false;
      else if (name === 'a:t') isText = true;
      else if (name === 'a:br') flow.write(' ');
      else if (name === 'a:tbl') {
        inTable = true;
        flow.openTable();
      } else if (name === 'a:tr') flow.openRow();
      else if (name === 'a:tc') {
        flow.openCell();
        const { gridSpan, hMerge, vMerge } = attributes;
        flow.spanCell({ columns: hMerge === '1' ? 0 : Number(gridSpan ?? 1), isBelow: vMerge === '1' });
      }
    },
    text(data) {
      if (isText) flow.write(data);
    },
    close(name) {
      if (name === 'a:t') isText = false;
      else if (name === 'a:p')
        flow.end({ heading: isTitle ? 2 : 0, listDepth: isBullet && !inTable ? depth : null, page });
      else if (name === 'a:tc') flow.closeCell();
      else if (name === 'a:tbl') {
        inTable = false;
        flow.closeTable();
      } else if (name === 'p:sp') isBullet = false;
    },
  });
}

/** Reads a presentation slide by slide, in its order; the slide's number is the page, its title a heading. */
export async function extractPptx(archive: Archive): Promise<Extracted> {
  const flow = createFlow();
  for (const [index, name] of (await slideNames(archive)).entries()) {
    const slide = await archive.read(name);
    if (slide === null) continue;
    const relations = readRelations(await archive.read(relationsOf(name)), folderOf(name));
    readSlide(slide, flow, index + 1, await readDrawings(archive, relations, index + 1));
  }
  const heading = flow.blocks.find((entry) => entry.type === 'heading');
  return extracted(flow.blocks, {
    title: readTitle(await archive.read('docProps/core.xml')) ?? heading?.text ?? null,
  });
}
