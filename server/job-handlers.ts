import type { z } from 'zod';
import type { Pipeline } from '../ingest/pipeline.ts';
import { AppError } from './errors.ts';
import { jobDefinitions } from './jobs.ts';
import type { IndexBuilds } from './services/index-build.ts';
import type { Sources } from './services/sources.ts';

export interface JobHandlerDeps {
  pipeline: Pipeline;
  sources: Pick<Sources, 'sweep'>;
  indexBuilds: IndexBuilds;
}

function parsePayload<Payload extends z.ZodType>(schema: Payload, payload: unknown): z.output<Payload> {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid-request', 'The payload of the job does not fit its definition.', {
    cause: parsed.error,
  });
}

/**
 * What each kind of job does.
 * @throws AppError `invalid-request` for a payload that does not parse, which is not worth another attempt.
 */
export function createJobHandler({ pipeline, sources, indexBuilds }: JobHandlerDeps) {
  return async (name: string, payload: unknown, signal: AbortSignal): Promise<void> => {
    switch (name) {
      case 'source-run':
        return pipeline.run(parsePayload(jobDefinitions['source-run'].payload, payload), signal);
      case 'source-sweep':
        await sources.sweep();
        return indexBuilds.sweep();
      case 'index-build': {
        const { siteId } = parsePayload(jobDefinitions['index-build'].payload, payload);
        return indexBuilds.build(siteId, signal);
      }
      default:
        throw new AppError('invalid-request', `There is no job "${name}".`);
    }
  };
}
