import { parseArgs } from 'node:util';
import { startServers } from './chaos/servers.ts';
import { keepPromises } from './expectations.ts';
import { uploadsAborted } from './uploads/aborted.ts';
import { manyAtOnce } from './uploads/at-once.ts';
import { queueLost } from './uploads/lost-queue.ts';
import { manyDocuments } from './uploads/many-documents.ts';

/**
 * J1, J6, F5 and one long upload, against the product as processes of its own on a PostgreSQL (and a Redis) of its
 * own: uploads that break off at any byte, many large ones at once, a queue that is lost whenever something was
 * accepted, and many documents to their end. Prints what each case showed; the exit code is 3 when a promise does
 * not hold.
 *
 *   npm run bench -- uploads [--only aborted,at-once,queue,documents] [--uploads 10000] [--senders 200]
 *     [--megabytes 20] [--site-mb 1000] [--kills 500] [--kill-minutes 8] [--documents 10000] [--seed 1]
 *
 * Needs root, the Debian tree of `.ci/real-servers.sh` and ten times `--site-mb` of disk.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'aborted,at-once,queue,documents' },
    uploads: { type: 'string', default: '10000' },
    senders: { type: 'string', default: '200' },
    megabytes: { type: 'string', default: '20' },
    'site-mb': { type: 'string', default: '1000' },
    kills: { type: 'string', default: '500' },
    'kill-minutes': { type: 'string', default: '8' },
    documents: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});
const only = new Set(values.only.split(','));
const seed = Number(values.seed);

const servers = startServers('nothing');
await keepPromises(servers, async (db, expectations) => {
  if (only.has('aborted'))
    await uploadsAborted(servers, db, expectations, { uploads: Number(values.uploads), seed });
  if (only.has('at-once'))
    await manyAtOnce(servers, db, expectations, {
      senders: Number(values.senders),
      megabytes: Number(values.megabytes),
      siteMb: Number(values['site-mb']),
    });
  if (only.has('queue'))
    await queueLost(servers, db, expectations, {
      times: Number(values.kills),
      minutes: Number(values['kill-minutes']),
    });
  if (only.has('documents'))
    await manyDocuments(servers, db, expectations, { documents: Number(values.documents), seed });
});
