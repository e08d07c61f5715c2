/** One `allow` or `disallow` line. */
export interface RobotsRule {
  /** Path pattern with `*` and a closing `$`; percent-encoding normalised. */
  pattern: string;
  isAllow: boolean;
}

/** What a robots.txt says to one crawler. */
export interface RobotsRules {
  rules: readonly RobotsRule[];
  crawlDelaySeconds: number | null;
  sitemaps: readonly string[];
}

interface Group {
  agents: string[];
  rules: RobotsRule[];
  crawlDelaySeconds: number | null;
}

/** Octets that need no encoding are decoded, all others get upper-case escapes (RFC 9309, 2.2.2). */
function normaliseOctets(path: string): string {
  const escaped = path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character.toWellFormed()));
  return escaped.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
  });
}

/** Wildcard match by walking back to the last `*`: no more than pattern times path steps. */
function matchesPattern(pattern: string, path: string): boolean {
  const isAnchored = pattern.endsWith('$');
  const glob = isAnchored ? pattern.slice(0, -1) : `${pattern}*`;
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < path.length) {
    if (glob[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (at < glob.length && glob[at] === path[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      index = resume;
      at = star + 1;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

function parseGroups(text: string): { groups: Group[]; sitemaps: string[] } {
  const groups: Group[] = [];
  const sitemaps: string[] = [];
  let current: Group | null = null;
  let isCollectingAgents = false;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const found = /^\s*([a-z-]+)\s*:\s*(.*?)\s*$/i.exec(raw.replace(/#.*$/, ''));
    const [, name = '', value = ''] = found ?? [];
    switch (name.toLowerCase()) {
      case 'user-agent':
        if (current === null || !isCollectingAgents) {
          current = { agents: [], rules: [], crawlDelaySeconds: null };
          groups.push(current);
        }
        isCollectingAgents = true;
        current.agents.push(/^[a-z_-]+|^\*/i.exec(value)?.[0].toLowerCase() ?? '');
        break;
      case 'allow':
      case 'disallow':
        isCollectingAgents = false;
        if (value !== '') {
          current?.rules.push({ pattern: normaliseOctets(value), isAllow: name.toLowerCase() === 'allow' });
        }
        break;
      case 'crawl-delay':
        if (current !== null && Number.isFinite(Number.parseFloat(value))) {
          current.crawlDelaySeconds = Number.parseFloat(value);
        }
        break;
      case 'sitemap':
        if (value !== '') sitemaps.push(value);
        break;
      default: // other records do not end a group (RFC 9309, 2.2.4)
    }
  }
  return { groups, sitemaps };
}

/**
 * The rules for `agent` (a product token): those of all groups that name it, or else of the groups for `*`.
 * @param text A robots.txt without byte order mark.
 */
export function parseRobotsRules(text: string, agent: string): RobotsRules {
  const { groups, sitemaps } = parseGroups(text);
  const named = groups.filter((group) => group.agents.includes(agent.toLowerCase()));
  const chosen = named.length > 0 ? named : groups.filter((group) => group.agents.includes('*'));
  return {
    rules: chosen.flatMap((group) => group.rules),
    crawlDelaySeconds: chosen.find((group) => group.crawlDelaySeconds !== null)?.crawlDelaySeconds ?? null,
    sitemaps,
  };
}

/** Whether a path with its query may be fetched: the longest matching rule decides, `allow` on a tie. */
export function isPathAllowed(rules: readonly RobotsRule[], path: string): boolean {
  const target = normaliseOctets(path);
  let best: RobotsRule | null = null;
  for (const rule of rules) {
    if (!matchesPattern(rule.pattern, target)) continue;
    const isLonger = best === null || rule.pattern.length > best.pattern.length;
    const isTieForAllow = best !== null && rule.pattern.length === best.pattern.length && rule.isAllow;
    if (isLonger || isTieForAllow) best = rule;
  }
  return best === null || best.isAllow;
}
