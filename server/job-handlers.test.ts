import { describe, expect, it, vi } from 'vitest';
import { createJobHandler } from './job-handlers.ts';

const signal = new AbortController().signal;

function setUp() {
  const pipeline = { run: vi.fn(async () => {}) };
  const sources = { sweep: vi.fn(async () => {}) };
  const indexBuilds = { sweep: vi.fn(async () => {}), build: vi.fn(async () => {}) };
  const handle = createJobHandler({ pipeline, sources, indexBuilds });
  return { pipeline, sources, indexBuilds, handle };
}

describe('createJobHandler', () => {
  it('hands parsed payloads to the use case of the job', async () => {
    const { pipeline, sources, indexBuilds, handle } = setUp();
    const payload = { sourceId: '01900000-0000-7000-8000-000000000001', run: 2 };
    await handle('source-run', payload, signal);
    expect(pipeline.run).toHaveBeenCalledWith(payload, signal);
    await handle('source-sweep', {}, signal);
    expect(sources.sweep).toHaveBeenCalledOnce();
    expect(indexBuilds.sweep).toHaveBeenCalledOnce();
    await handle('index-build', { siteId: 'shop' }, signal);
    expect(indexBuilds.build).toHaveBeenCalledWith('shop', signal);
  });

  it('refuses payloads that do not parse and jobs that it does not know', async () => {
    const { pipeline, handle } = setUp();
    await expect(handle('source-run', { sourceId: 'x' }, signal)).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(handle('unknown', {}, signal)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(pipeline.run).not.toHaveBeenCalled();
  });
});
