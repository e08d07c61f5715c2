import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const sources = ['server', 'ingest', 'evals', 'bench', 'demo', 'scripts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: [...sources.map((folder) => `${folder}/**/*.test.ts`), 'tests/house/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [svelte()],
        test: {
          name: 'frontend',
          include: ['widget/**/*.test.ts', 'console/**/*.test.ts'],
          environment: 'node',
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
