import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FinalAnswer } from '../../domain/answer.ts';

/** Counts and times for `/metrics`, in Prometheus' text format. */
export interface HttpMetrics {
  contentType: string;
  render(): Promise<string>;
  /** Middleware that times every request by its route's pattern, never by its path. */
  time(request: Request, response: Response, next: NextFunction): void;
  /** Counts a finished answer and the time of each of its steps, whoever asked. */
  recordAnswer(answer: FinalAnswer): void;
  /** A number that is looked up when somebody asks for the metrics, one per value of `label`. */
  watch(gauge: WatchedGauge): void;
}

export interface WatchedGauge {
  name: string;
  help: string;
  label: string;
  read(): Promise<Readonly<Record<string, number>>>;
}

/** From the question to the end of a step, or its first token: 5 ms to 30 s. */
const stepBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

function createAnswerMetrics(registry: Registry): Pick<HttpMetrics, 'recordAnswer'> {
  const answers = new Counter({
    name: 'deskbell_answers_total',
    help: 'Finished answers, by decision',
    labelNames: ['decision'],
    registers: [registry],
  });
  const confidence = new Histogram({
    name: 'deskbell_answer_confidence',
    help: 'Confidence of finished answers',
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers: [registry],
  });
  const steps = new Histogram({
    name: 'deskbell_answer_step_seconds',
    help: 'Time of the steps of an answer',
    labelNames: ['step'],
    buckets: stepBuckets,
    registers: [registry],
  });
  return {
    recordAnswer(answer) {
      answers.inc({ decision: answer.decision });
      confidence.observe(answer.confidence);
      for (const [step, ms] of Object.entries(answer.timings)) steps.observe({ step }, ms / 1000);
    },
  };
}

/** @see HttpMetrics. The registry is its own, so that two apps in one process do not clash. */
export function createHttpMetrics(now: () => number): HttpMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'deskbell_http_request_seconds',
    help: 'Time to answer an HTTP request, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    time(request, response, next) {
      const begunMs = now();
      response.once('finish', () => {
        const route: unknown = response.locals['route'];
        requests.observe(
          {
            method: request.method,
            route: typeof route === 'string' ? route : 'other',
            status: String(response.statusCode),
          },
          (now() - begunMs) / 1000,
        );
      });
      next();
    },
    ...createAnswerMetrics(registry),
    watch({ name, help, label, read }) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          this.reset();
          for (const [value, count] of Object.entries(await read())) this.set({ [label]: value }, count);
        },
      });
    },
  };
}
