import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { kernelsPlugin } from './scripts/kernels.mjs';
import { ISOLATION_HEADERS } from './scripts/lib/isolation.mjs';

export default defineConfig({
  plugins: [react(), kernelsPlugin()],
  worker: { format: 'es', plugins: () => [kernelsPlugin()] },
  server: { headers: ISOLATION_HEADERS },
  preview: { headers: ISOLATION_HEADERS },
  build: {
    chunkSizeWarningLimit: 4000,
    target: 'es2023',
    rollupOptions: { input: { index: 'index.html', headless: 'headless.html' } },
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
});
