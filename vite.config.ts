import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    chunkSizeWarningLimit: 4000,
    target: 'es2023',
    rollupOptions: { input: { index: 'index.html', headless: 'headless.html' } },
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
});
