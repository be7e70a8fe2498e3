import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumLaunchOptions } from './scripts/chromium.mjs';

/**
 * Three projects. `unit` runs pure code in Node. `*.device.test.ts` say what every backend must compute (ops, models, golden values):
 * `cpu` runs them in Node on the processor, `gpu` in a real Chromium with WebGPU (a software adapter where there is no GPU). `cpu` also
 * runs `*.cpu.test.ts`, what is built of ops and does not know where they run. `gpu` also runs `*.gpu.test.ts`, which need a
 * browser or WebGPU itself.
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.gpu.test.ts', '**/*.cpu.test.ts', '**/*.device.test.ts'],
          setupFiles: ['src/testing/setup.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: './vite.config.ts',
        test: {
          name: 'cpu',
          environment: 'node',
          include: ['src/**/*.cpu.test.ts', 'src/**/*.device.test.ts'],
          setupFiles: ['src/testing/setup.ts'],
          globalSetup: ['src/testing/server.ts'],
          provide: { backend: 'cpu' },
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // A file's backend has two threads.
          maxWorkers: '50%',
        },
      },
      {
        extends: './vite.config.ts',
        // A dependency found by the optimizer while tests run reloads a test halfway, or hangs the run: nothing is looked for,
        // and what needs bundling is named. The page's own dependencies are not among it.
        optimizeDeps: {
          noDiscovery: true,
          include: [
            ...['heic-to/csp', 'fflate', 'idb-keyval', 'comlink', 'zustand', 'zustand/vanilla'],
            '@observablehq/plot',
          ],
        },
        test: {
          name: 'gpu',
          include: ['src/**/*.gpu.test.ts', 'src/**/*.device.test.ts'],
          setupFiles: ['src/testing/setup.ts'],
          provide: { backend: 'webgpu', served: '' },
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
