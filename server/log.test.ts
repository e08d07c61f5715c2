import { describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { fakeClock } from './testing/deps.ts';

function collect(level: 'info' | 'warn' | 'error' | 'silent') {
  const lines: string[] = [];
  const logger = createLogger({ write: (text: string) => lines.push(text) }, level, fakeClock(0));
  return { lines, logger };
}

describe('createLogger', () => {
  it('writes one JSON line per event', () => {
    const { lines, logger } = collect('info');
    logger.info('source-done', { sourceId: 'x' });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"source-done","sourceId":"x"}\n',
    ]);
  });

  it('leaves out what is below the level', () => {
    const { lines, logger } = collect('warn');
    logger.info('quiet');
    logger.warn('loud');
    logger.error('louder');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['loud', 'louder']);
    const silent = collect('silent');
    silent.logger.error('nothing');
    expect(silent.lines).toEqual([]);
  });

  it('keeps what an error says, and its cause', () => {
    const { lines, logger } = collect('info');
    logger.error('failed', { error: new Error('outer', { cause: new TypeError('inner') }) });
    expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
      name: 'Error',
      message: 'outer',
      cause: { name: 'TypeError', message: 'inner' },
    });
  });

  it('leaves out what drivers hang on their errors', () => {
    const { lines, logger } = collect('info');
    logger.error('failed', {
      error: Object.assign(new Error('x'), { code: '57P01', client: { password: 'hunter2' } }),
    });
    expect(lines[0]).toContain('57P01');
    expect(lines[0]).not.toContain('hunter2');
  });
});
