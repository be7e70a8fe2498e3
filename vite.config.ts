import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { kernelsPlugin } from './scripts/kernels.mjs';

export default defineConfig({
  plugins: [react(), kernelsPlugin()],
  worker: { format: 'es', plugins: () => [kernelsPlugin()] },
  build: {
    chunkSizeWarningLimit: 4000,
    target: 'es2023',
    rollupOptions: { input: { index: 'index.html', headless: 'headless.html' } },
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
});
