import { z } from 'zod';
import type { Api } from './api.ts';
import { textOption, type CommandContext, type CommandOption } from './command.ts';

const defaultSite = 'default';
const demoSite = 'demo';

/** `--site`, the same everywhere. */
export const siteOption: CommandOption = {
  type: 'string',
  value: 'id',
  help: 'Site to use (default: default)',
};

const anyDocuments = z.object({ documents: z.array(z.unknown()) });

async function hasContent(api: Api, site: string): Promise<boolean> {
  const page = await api.get(`/sites/${encodeURIComponent(site)}/documents?limit=1`, anyDocuments);
  return page.documents.length > 0;
}

/** The site of `--site`, or `default`. */
export function siteOf({ options }: Pick<CommandContext, 'options'>): string {
  return textOption(options, 'site', defaultSite);
}

/**
 * The site to ask: the one of `--site`, or `default`; while that is empty and the demo is not, the demo, which is
 * said on stderr.
 */
export async function siteToAsk({ options, out, api }: CommandContext): Promise<string> {
  if (typeof options['site'] === 'string') return options['site'];
  const connected = await api();
  if (await hasContent(connected, defaultSite)) return defaultSite;
  const sites = await connected.get('/sites', z.array(z.object({ id: z.string() })));
  if (!sites.some(({ id }) => id === demoSite) || !(await hasContent(connected, demoSite)))
    return defaultSite;
  out.note('Your site "default" has no content yet, so this asks the demo shop. --site chooses another.');
  return demoSite;
}
