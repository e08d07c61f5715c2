/**
 * The process that parses what strangers wrote. It gets bytes and gives text; the pool that starts it bounds its
 * memory and time and lets it read program files only. It has no business on the network, so that is taken away
 * before any parser is loaded.
 */
import { Socket } from 'node:net';
import { parseTaskSchema } from './messages.ts';

function denied(): never {
  throw new Error('Parsing has no network.');
}
Socket.prototype.connect = denied;
Object.defineProperty(globalThis, 'fetch', { value: denied });
Object.defineProperty(globalThis, 'WebSocket', { value: undefined });

const { parse } = await import('./parse.ts');

process.on('message', (message) => {
  const task = parseTaskSchema.parse(message);
  void parse(task).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
