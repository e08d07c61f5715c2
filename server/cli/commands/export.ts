import { z } from 'zod';
import { siteSchema } from '../../protocol/http.ts';
import { documentSchema, documentSummarySchema } from '../../protocol/http-knowledge.ts';
import type { Api } from '../api.ts';
import type { Command } from '../command.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import type { ExportLine } from '../transfer.ts';

const pageSchema = z.object({ documents: z.array(documentSummarySchema), next: z.string().nullable() });
const pageSize = 200;

async function* documentIds(api: Api, site: string): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const page = await api.get(`/sites/${site}/documents?limit=${pageSize}${after}`, pageSchema);
    for (const { id } of page.documents) yield id;
    if (page.next === null) return;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}

/** `export`: settings and documents of a site as NDJSON on standard output. */
export const exportCommand: Command = {
  name: 'export',
  usage: '',
  summary: 'Write settings and documents of a site as NDJSON',
  details: ['Conversations and accounts are not part of it.'],
  options: { site: siteOption },
  examples: ['export --site shop > shop.ndjson'],
  async run(context) {
    const { out } = context;
    const site = siteOf(context);
    const api = await context.api();
    const put = (line: ExportLine): void => out.print(JSON.stringify(line));
    const { name, settings } = await api.get(`/sites/${site}`, siteSchema);
    put({ type: 'site', version: 1, name, settings });
    let count = 0;
    for await (const id of documentIds(api, site)) {
      const path = `/sites/${site}/documents/${encodeURIComponent(id)}`;
      const { title, url, text } = await api.get(path, documentSchema);
      put({ type: 'document', id, title, url, markdown: text });
      count += 1;
      out.status(`${count} documents`);
    }
    out.status(null);
    out.note(`${count} documents of "${name}" written.`);
    return 0;
  },
};
