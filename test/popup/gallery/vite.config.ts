import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** The popup's components with painted doors, to look at: `npx vite test/popup/gallery`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact()],
  base: './',
  server: { host: '127.0.0.1', fs: { allow: ['../../..'] } },
});
