import { Marked, type Tokens } from 'marked';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { toBlocks } from './html-blocks.ts';
import { collectLinks } from './html-links.ts';
import { slug } from './html-text.ts';
import { parseHtml } from './html-tree.ts';
import { extracted, squeeze, type Block, type Extracted } from './types.ts';

const frontMatterSchema = z.object({
  title: z.coerce.string().optional(),
  lang: z.coerce.string().optional(),
  language: z.coerce.string().optional(),
  description: z.coerce.string().optional(),
  draft: z.boolean().optional(),
});
type FrontMatter = z.infer<typeof frontMatterSchema>;

interface Split {
  matter: FrontMatter;
  body: string;
  notes: string[];
}

/** Takes a YAML front matter off; one that cannot be read is left out of the text and noted. */
function splitFrontMatter(source: string): Split {
  const found = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  if (found === null) return { matter: {}, body: source, notes: [] };
  const body = source.slice(found[0].length);
  try {
    const values: unknown = parseYaml(found[1] ?? '', { maxAliasCount: 50 });
    const parsed = frontMatterSchema.safeParse(values ?? {});
    const notes = body.trim() === '' ? ['It holds nothing but front matter.'] : [];
    return { matter: parsed.success ? parsed.data : {}, body, notes };
  } catch {
    return { matter: {}, body, notes: ['Its front matter is no valid YAML and was left out.'] };
  }
}

const componentTitle = /\b(?:title|label|header|question)\s*=\s*(?:"([^"]*)"|'([^']*)'|\{`([^`]*)`\})/;

/** What MDX adds to Markdown: imports, comments, admonition fences and components, of which the title is kept. */
function plainMdx(text: string): string {
  return (
    text
      .replace(/\{\/\*[\s\S]*?\*\/\}/g, '')
      .replace(/^(?:import\s[^\n]*from\s+['"][^'"\n]+['"]|import\s+['"][^'"\n]+['"]);?[ \t]*$/gm, '')
      .replace(/^export\s+(?:const|default|let|function)\s[^\n]*$/gm, '')
      .replace(
        /^[ \t]*:::+[ \t]*(\w*)[ \t]*(?:\[([^\]\n]*)\]|([^\n]*))?$/gm,
        (_all, _kind: string, name?: string, rest?: string) => {
          const title = squeeze(name ?? rest ?? '');
          return title === '' ? '' : `\n**${title}**\n`;
        },
      )
      // Attributes whose value is an expression make a plain element unreadable as HTML.
      .replace(/<[a-z][\w.-]*(?:\s(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{[^{}]*\})*)?>/g, (tag) =>
        tag.replace(/\s[\w:-]+=\{[^{}]*\}/g, ''),
      )
      .replace(/<\/?[A-Z][\w.]*(?:\s(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{[^{}]*\})*)?\/?>/g, (tag) => {
        const found = componentTitle.exec(tag);
        const title = squeeze(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
        return title === '' || tag.startsWith('</') ? '' : `\n\n**${title}**\n\n`;
      })
  );
}

/** Applies `change` to everything outside of fenced code. */
function outsideCode(source: string, change: (text: string) => string): string {
  return source
    .split(/(^[ \t]*(?:```|~~~)[\s\S]*?^[ \t]*(?:```|~~~)[ \t]*$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** Headings get the ids that GitHub and most site generators give them, or their own `{#id}`. */
function createRenderer(): Marked {
  const used = new Map<string, number>();
  return new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const custom = /\{#([\w-]+)\}\s*$/.exec(text)?.[1];
        const html = this.parser.parseInline(tokens).replace(/\s*\{#[\w-]+\}\s*$/, '');
        const base = custom ?? slug(text);
        const count = used.get(base) ?? 0;
        used.set(base, count + 1);
        const id = count === 0 ? base : `${base}-${String(count)}`;
        return `<h${String(depth)} id="${id.replace(/"/g, '')}">${html}</h${String(depth)}>\n`;
      },
    },
  });
}

/**
 * Reads Markdown or MDX: front matter, embedded HTML and GitHub tables included.
 * @param url Address for relative links; null when the text has none.
 */
export function extractMarkdown(source: string, url: string | null): Extracted {
  const { matter, body, notes } = splitFrontMatter(source.replace(/\r\n?/g, '\n').replace(/^\ufeff/, ''));
  const html = createRenderer().parse(outsideCode(body, plainMdx), { async: false });
  const page = parseHtml(html);
  const blocks: Block[] = toBlocks(page.root, (element) => 'hidden' in element.attributes).map(
    ({ linkShare: _share, isImage: _image, ...entry }) => entry,
  );
  const heading = blocks.find((entry) => entry.type === 'heading' && entry.level === 1);
  const title = squeeze(matter.title ?? heading?.text ?? '');
  return extracted(blocks, {
    title: title === '' ? null : title,
    declaredLanguage: matter.lang ?? matter.language ?? null,
    links: collectLinks(page.root, url),
    notes,
  });
}
