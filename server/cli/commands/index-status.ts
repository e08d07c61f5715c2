import { setTimeout as sleep } from 'node:timers/promises';
import { indexStatusSchema, type IndexBuild, type IndexStatus } from '../../protocol/http-knowledge.ts';
import type { Command } from '../command.ts';
import { formatBar, type Output } from '../output.ts';
import { siteOf, siteOption } from '../site-choice.ts';
import { shortTime } from '../watch-source.ts';

const pollMs = 500;
/** Without a terminal a line says how far it is, this often. */
const lineEveryMs = 5000;

/** One line: bar, how many of how many, the rate, and the time left at it. */
export function buildLine({ state, done, total, perSecond, secondsLeft, ann, reason }: IndexBuild): string {
  if (state === 'waiting') return 'waiting for a worker…';
  if (state === 'indexing') {
    const made = `all ${total} passages have their vectors; the index over them is being made`;
    const share = typeof ann?.share === 'number' ? `, ${Math.floor(100 * ann.share)} %` : '';
    return share === '' ? `${made}…` : made + share;
  }
  const progress = `${formatBar(total === 0 ? 0 : done / total, 24)} ${done} of ${total} passages`;
  if (state === 'failed') return `${progress}; the last try broke off: ${reason ?? ''}`.trimEnd();
  const left = secondsLeft === null ? '' : `, about ${shortTime(secondsLeft)} left`;
  return perSecond === null ? progress : `${progress}, ${perSecond.toFixed(1)}/s${left}`;
}

function printStatus({ live, build }: IndexStatus, out: Output): void {
  out.print(
    live === null
      ? 'Nothing is indexed yet.'
      : `Search reads vectors of ${live.embedder} (${live.dimensions} numbers each).`,
  );
  if (build === null) return;
  out.print(`Vectors of ${build.embedder} are being made beside them:`);
  out.print(`  ${buildLine(build)}`);
  if (build.retryAt !== null) out.print(out.dim(`  Tried again at ${build.retryAt}.`));
  if (build.fix !== null) out.print(out.dim(`  ${build.fix}`));
}

/** `index`: which vectors search reads, and how far those of another embedding model are. */
export const indexCommand: Command = {
  name: 'index',
  usage: '',
  summary: 'Show which vectors search reads, and how far those of another embedding model are',
  details: ['With --watch it goes on until they are in use, and ends with 1 when making them broke off.'],
  options: { site: siteOption, watch: { type: 'boolean', help: 'Follow it until it ends' } },
  examples: ['index --site shop', 'index --watch'],
  async run(context) {
    const { out, options } = context;
    const api = await context.api();
    const look = () => api.get(`/sites/${siteOf(context)}/index`, indexStatusSchema);
    let status = await look();
    let saidMs = Date.now();
    while (options['watch'] === true && status.build !== null && status.build.state !== 'failed') {
      const line = buildLine(status.build);
      out.status(line);
      if (!out.isTerminal && Date.now() - saidMs >= lineEveryMs) {
        out.note(line);
        saidMs = Date.now();
      }
      await sleep(pollMs);
      status = await look();
    }
    out.status(null);
    if (options['json'] === true) out.json(status);
    else printStatus(status, out);
    return status.build?.state === 'failed' ? 1 : 0;
  },
};
