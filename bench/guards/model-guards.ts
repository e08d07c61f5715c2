import type { Guard } from './guard.ts';

const tests = ['server/adapters/llm/openai.test.ts'] as const;
const silence = { id: 'E1', tests, names: 'E1' } as const;
const broken = { id: 'E2', tests, names: 'E2' } as const;
const retries = { id: 'E3', tests, names: 'E3' } as const;
const resilient = 'server/adapters/llm/resilient.ts';
const answers = ['server/services/answer-model.test.ts'] as const;

/** E1 to E4 and E6: a model that fails. */
export const modelGuards: readonly Guard[] = [
  {
    ...silence,
    guard: 'the idle timer',
    file: 'server/adapters/llm/timers.ts',
    edits: [
      ["progress = expire('no further token', timers.idleMs);", ''],
      ['        isIdleTimer = true;', ''],
    ],
  },
  {
    ...silence,
    guard: 'the timer of the first token',
    file: 'server/adapters/llm/timers.ts',
    edits: [["expire('no first token', timers.firstTokenMs)", "expire('no first token', 1e9)"]],
  },
  {
    ...silence,
    guard: 'the timer of the whole',
    file: 'server/adapters/llm/timers.ts',
    edits: [["expire('no end', timers.totalMs)", "expire('no end', 1e9)"]],
  },
  {
    ...silence,
    guard: 'all attempts share the timer of the first token',
    file: resilient,
    edits: [[' && isInTime && ', ' && ']],
  },
  {
    ...silence,
    guard: 'silence before the first word becomes a quotation and a person',
    file: 'server/services/answer/beside-quote.ts',
    edits: [["if (draft.status === 'failed') return", "if (draft.text === 'never') return"]],
    tests: answers,
  },
  {
    ...broken,
    guard: 'without a finish reason it is incomplete',
    file: 'server/adapters/llm/openai.ts',
    edits: [
      [
        "if (finish === null) throw new ModelFailure('incomplete', 'the stream ended without a finish reason');",
        '',
      ],
      ['toFinishReason(finish)', "toFinishReason(finish ?? 'stop')"],
    ],
  },
  {
    ...broken,
    guard: 'nothing is asked again once a word was shown',
    file: resilient,
    edits: [['failure.isRetryable && !hasStarted && ', 'failure.isRetryable && ']],
  },
  {
    ...broken,
    guard: 'what broke off is stored as incomplete',
    file: 'server/services/answer/model-answer.ts',
    edits: [
      ["status = text === '' ? 'failed' : 'incomplete';", "status = text === '' ? 'failed' : 'complete';"],
    ],
    tests: answers,
  },
  {
    ...broken,
    guard: 'a turn is begun again once at most',
    file: 'server/services/turns.ts',
    edits: [['if (attempt >= maxAttempts) {', 'if (attempt >= 1e9) {']],
    tests: ['server/transports/ws/instances.test.ts'],
    names: 'TRN-6',
  },
  {
    ...retries,
    guard: 'Retry-After is kept',
    file: resilient,
    edits: [['failure.retryAfterMs ?? ', '']],
  },
  {
    ...retries,
    guard: 'no retry where money or the key is missing, or the request is refused',
    file: resilient,
    edits: [['failure.isRetryable && !hasStarted', '!hasStarted']],
  },
  {
    ...retries,
    guard: 'three attempts at most',
    file: resilient,
    edits: [['tries < maxAttempts', 'tries < 5']],
  },
  {
    ...retries,
    guard: "one layer retries: the SDK's own retries are off",
    file: 'server/adapters/llm/openai-client.ts',
    edits: [['maxRetries: 0', 'maxRetries: 2']],
  },
  {
    ...retries,
    guard: 'failures are told by code before status',
    file: 'server/adapters/llm/openai-client.ts',
    edits: [
      [
        "has('insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active') || status === 402",
        'status === 402',
      ],
    ],
  },
  {
    ...retries,
    guard: 'a standing failure opens the breaker at once',
    file: 'server/adapters/llm/breaker.ts',
    edits: [['isProbe || isStanding || failures', 'isProbe || failures']],
  },
  {
    ...retries,
    guard: 'the operator is told of a standing failure',
    file: resilient,
    edits: [["logger.error('model-needs-attention', { model: attempt.name, kind: failure.kind });", '']],
  },
  {
    ...retries,
    id: 'E4',
    names: 'E4',
    guard: 'an empty completion is a failure',
    file: resilient,
    edits: [["if (!hasStarted && chunk.finishReason === 'stop')", 'if (hasStarted && elapsedMs < 0)']],
  },
  {
    ...retries,
    id: 'E6',
    names: 'E6',
    guard: 'the breaker opens after failures in a row',
    file: 'server/adapters/llm/breaker.ts',
    edits: [['failures >= threshold', 'failures >= 1e9']],
  },
  {
    ...retries,
    id: 'E6',
    names: 'E6',
    guard: 'the breaker lets a probe through',
    file: 'server/adapters/llm/breaker.ts',
    edits: [['if (remainingMs > 0) return', 'if (openUntil > 0) return']],
  },
];
