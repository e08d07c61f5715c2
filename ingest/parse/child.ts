/**
 * The process that parses what strangers wrote. It gets bytes and gives text; the pool that starts it bounds its
 * memory and time and lets it read program files only. It has no business on the network, so that is taken away
 * before any parser is loaded.
 */
import { withdrawNetwork } from './confine.ts';
import { parseTaskSchema } from './messages.ts';

withdrawNetwork();

const { parse } = await import('./parse.ts');

process.on('message', (message) => {
  const task = parseTaskSchema.parse(message);
  void parse(task).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
