import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Once for the run, not once for each project.
    globalSetup: 'test/support/global-setup-mongo.ts',
    projects: [
      {
        test: {
          name: 'server',
          include: ['test/{server,sandbox,shop}/**/*.test.ts'],
          exclude: ['**/*.alone.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // What runs in the shopper's page, without a page.
          name: 'checkout',
          include: ['test/checkout/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          // What disturbs others, as a change of the database's primary does: when they are done.
          name: 'alone',
          include: ['test/**/*.alone.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
