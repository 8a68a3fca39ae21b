import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** Browsers that a build is made for; the mode of the build. */
const TARGETS = ['chromium', 'firefox'] as const;
type Target = (typeof TARGETS)[number];

interface Manifest {
  action: Record<string, unknown>;
  background: { service_worker?: string; scripts?: string[]; type: 'module' };
  permissions: string[];
  optional_permissions: string[];
  [key: string]: unknown;
}

/** What Firefox refuses as optional permission; it uses blocking webRequest for its own headers instead. */
const REFUSED_BY_FIREFOX = new Set(['declarativeNetRequestWithHostAccess', 'declarativeNetRequest', 'sidePanel', 'contextMenus']);

/** The manifest of one browser, derived from `manifest.json`, which is Chromium's. */
export function deriveManifest(source: Manifest, target: Target): Manifest {
  const manifest = structuredClone(source);
  const page = String(manifest.action.default_popup);
  if (target === 'chromium') {
    manifest.side_panel = { default_path: page };
    manifest.permissions = [...new Set([...manifest.permissions, 'sidePanel'])];
    return manifest;
  }
  delete manifest.minimum_chrome_version;
  delete manifest.side_panel;
  // crxjs 3 crashes for Firefox on a manifest that has a service worker only.
  manifest.background = { scripts: [String(source.background.service_worker)], type: 'module' };
  manifest.permissions = [...manifest.permissions.filter((permission) => permission !== 'sidePanel'), 'dns'];
  manifest.optional_permissions = [
    ...manifest.optional_permissions.filter((permission) => !REFUSED_BY_FIREFOX.has(permission)),
    'webRequestBlocking',
  ];
  // The badge is of no use within the extensions menu.
  manifest.action = { ...manifest.action, default_area: 'navbar' };
  manifest.sidebar_action = {
    default_title: manifest.name,
    default_panel: page,
    default_icon: manifest.action.default_icon,
    open_at_install: false,
  };
  manifest.browser_specific_settings = {
    gecko: {
      id: 'unreset@unreset.example',
      strict_min_version: '140.0',
      data_collection_permissions: { required: ['none'] },
    },
  };
  return manifest;
}

/**
 * Gives the worker its own copy of what it shares with the pages. It is read at every wake-up: one file, without
 * what only pages use, is both smaller and sooner there than chunks made for both.
 */
function workerAlone(worker: string): Plugin {
  const mark = '?apart';
  return {
    name: 'worker-alone',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer !== worker && importer?.endsWith(mark) !== true) return null;
      const found = await this.resolve(source, importer.replace(mark, ''), { ...options, skipSelf: true });
      return found === null || found.external || !found.id.startsWith(join(import.meta.dirname, 'src'))
        ? found
        : { ...found, id: `${found.id}${mark}` };
    },
  };
}

export default defineConfig(({ mode }) => {
  const target: Target = mode === 'firefox' ? 'firefox' : 'chromium';
  const root = import.meta.dirname;
  const manifest = deriveManifest(JSON.parse(readFileSync(resolve(root, 'manifest.json'), 'utf8')) as Manifest, target);
  const pages = ['src/popup/welcome.html'].filter((page) => existsSync(resolve(root, page)));
  return {
    root,
    plugins: [
      workerAlone(resolve(root, manifest.background.service_worker ?? manifest.background.scripts?.[0] ?? '')),
      preact(),
      crx({ manifest: manifest as unknown as ManifestV3Export, browser: target === 'firefox' ? 'firefox' : 'chrome' }),
    ],
    build: {
      outDir: `dist/${target}`,
      emptyOutDir: true,
      target: target === 'firefox' ? 'firefox140' : 'chrome120',
      minify: true,
      sourcemap: false,
      // The page's first scripts are asked for side by side; what it loads later needs no list of its own.
      modulePreload: { polyfill: false, resolveDependencies: (_file, chunks, { hostType }) => (hostType === 'html' ? chunks : []) },
      rolldownOptions: pages.length === 0 ? {} : { input: pages },
    },
  };
});
