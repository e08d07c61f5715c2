import type { NextFunction, Request, Response } from 'express';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Counts and times for `/metrics`, in Prometheus' text format. */
export interface HttpMetrics {
  contentType: string;
  render(): Promise<string>;
  /** Middleware that times every request by its route's pattern, never by its path. */
  time(request: Request, response: Response, next: NextFunction): void;
  /** Counts one finished answer. */
  countAnswer(decision: string, seconds: number): void;
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
  const answers = new Counter({
    name: 'deskbell_answers_total',
    help: 'Answers given over HTTP, by decision',
    labelNames: ['decision'],
    registers: [registry],
  });
  const answerTimes = new Histogram({
    name: 'deskbell_answer_seconds',
    help: 'Time from the question to the final answer over HTTP',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
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
    countAnswer(decision, seconds) {
      answers.inc({ decision });
      answerTimes.observe(seconds);
    },
  };
}
