import { fetchGuards } from './fetch-guards.ts';
import { fileGuards } from './file-guards.ts';
import type { Guard } from './guard.ts';
import { indexGuards } from './index-guards.ts';
import { jobGuards } from './job-guards.ts';

/** Every guard of the knowledge cases, in the order of the reliability map, and of the jobs. */
export const guards: readonly Guard[] = [...fetchGuards, ...indexGuards, ...fileGuards, ...jobGuards];
