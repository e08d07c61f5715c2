import { fetchGuards } from './fetch-guards.ts';
import { fileGuards } from './file-guards.ts';
import type { Guard } from './guard.ts';
import { indexGuards } from './index-guards.ts';
import { jobGuards } from './job-guards.ts';
import { modelGuards } from './model-guards.ts';
import { unseenGuards } from './unseen-guards.ts';

/** Every guard of the knowledge cases, in the order of the reliability map, of the jobs, the model and the answers. */
export const guards: readonly Guard[] = [
  ...fetchGuards,
  ...indexGuards,
  ...fileGuards,
  ...jobGuards,
  ...modelGuards,
  ...unseenGuards,
];
