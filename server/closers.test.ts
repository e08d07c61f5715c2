import { describe, expect, it } from 'vitest';
import { createClosers } from './closers.ts';
import { recordingLogger } from './testing/deps.ts';

describe('createClosers', () => {
  it('closes in the reverse order, one after the other, once', async () => {
    const order: string[] = [];
    const closers = createClosers(recordingLogger());
    closers.add('database', () => void order.push('database'));
    closers.add('jobs', async () => {
      await Promise.resolve();
      order.push('jobs');
    });
    await Promise.all([closers.closeAll(), closers.closeAll()]);
    expect(order).toEqual(['jobs', 'database']);
  });

  it('closes the rest when one part fails, and names it', async () => {
    const logger = recordingLogger();
    const closers = createClosers(logger);
    let isClosed = false;
    closers.add('database', () => {
      isClosed = true;
    });
    closers.add('jobs', () => Promise.reject(new Error('stuck')));
    await closers.closeAll();
    expect(isClosed).toBe(true);
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { part: 'jobs', reason: 'stuck' } }]);
  });
});
