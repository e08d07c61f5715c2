import { AppError } from '../../errors.ts';

/** What went wrong with one attempt at a model, by meaning and not by status. */
export type FailureKind =
  | 'rate-limited'
  | 'overloaded'
  | 'network'
  | 'timeout'
  | 'incomplete'
  | 'malformed'
  | 'quota'
  | 'unauthorised'
  | 'rejected';

/** Failures that the same request may survive when it is sent again a little later. */
const retryable: ReadonlySet<FailureKind> = new Set([
  'rate-limited',
  'overloaded',
  'network',
  'timeout',
  'incomplete',
  'malformed',
]);

/** Failures that every further request will meet until somebody acts (pays, changes the key). */
const standing: ReadonlySet<FailureKind> = new Set(['quota', 'unauthorised']);

/** One failed attempt; only `resilient.ts` sees these, callers get an `AppError`. */
export class ModelFailure extends Error {
  readonly kind: FailureKind;
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ModelFailure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }

  get isRetryable(): boolean {
    return retryable.has(this.kind);
  }

  get isStanding(): boolean {
    return standing.has(this.kind);
  }
}

/** Anything thrown by an attempt as a `ModelFailure`; what is not one already counts as a network fault. */
export function toModelFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ModelFailure('network', message, { cause: error });
}

/** Names of the settings that a failure asks the operator to check. */
export interface ModelSettings {
  key: string;
  url: string;
  model: string;
}
const chatSettings: ModelSettings = { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', model: 'CHAT_MODEL' };

function fixOf(kind: FailureKind, { key, url, model }: ModelSettings): string | undefined {
  switch (kind) {
    case 'quota':
      return 'Check the plan and billing of the model provider.';
    case 'unauthorised':
      return `Check ${key} and ${url}.`;
    case 'rejected':
      return `Check ${model} and whether the provider accepts this request.`;
    default:
      return undefined;
  }
}

/** The failure as callers see it: code `model-unavailable`, the kind and the number of attempts in `details`. */
export function toAppError(failure: ModelFailure, attempts: number, settings = chatSettings): AppError {
  const fix = fixOf(failure.kind, settings);
  return new AppError('model-unavailable', `The model did not answer: ${failure.message}`, {
    details: { kind: failure.kind, attempts },
    cause: failure,
    ...(fix === undefined ? {} : { fix }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  });
}
