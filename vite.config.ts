import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import preact from '@preact/preset-vite';
import { build, defineConfig, type Plugin } from 'vite';

/** Browsers that a build is made for; the mode of the build. */
const TARGETS = ['chromium', 'firefox'] as const;
type Target = (typeof TARGETS)[number];
const ENGINES: Readonly<Record<Target, string>> = { chromium: 'chrome120', firefox: 'firefox140' };

interface Manifest {
  action: Record<string, unknown>;
  background: { service_worker?: string; scripts?: string[] };
  permissions: string[];
  optional_permissions: string[];
  [key: string]: unknown;
}

/** What Firefox refuses as optional permission; it uses blocking webRequest for its own headers instead. */
const REFUSED_BY_FIREFOX = new Set(['declarativeNetRequestWithHostAccess', 'declarativeNetRequest', 'sidePanel', 'contextMenus']);

/** Firefox lets nobody switch other extensions off, so nobody needs to see their open pages. */
const NEEDED_IN_CHROMIUM_ALONE = new Set(['tabs']);

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
  manifest.background = { scripts: [String(source.background.service_worker)] };
  manifest.permissions = [...manifest.permissions.filter((permission) => permission !== 'sidePanel'), 'dns'];
  manifest.optional_permissions = [
    ...manifest.optional_permissions.filter(
      (permission) => !REFUSED_BY_FIREFOX.has(permission) && !NEEDED_IN_CHROMIUM_ALONE.has(permission),
    ),
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

/** Scripts of the worker: the first is read at every wake-up, the second when a page of ours speaks. */
const WORKER_SCRIPTS = { 'worker.js': 'src/background/index.ts', 'laboratory.js': 'src/background/laboratory.ts' } as const;

/**
 * Builds the worker beside the pages, each script whole and by itself, and enters it in the manifest.
 * Chromium's service worker can load a script later only by `importScripts`, which modules do not have.
 */
function workerScripts(target: Target, root: string, background: Record<string, unknown>): Plugin {
  return {
    name: 'worker-scripts',
    apply: 'build',
    async closeBundle() {
      const folder = this.environment.config.build.outDir;
      const outDir = resolve(root, folder);
      for (const [file, input] of Object.entries(WORKER_SCRIPTS)) {
        await build({
          root,
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          build: {
            outDir,
            emptyOutDir: false,
            target: ENGINES[target],
            minify: true,
            lib: { entry: resolve(root, input), formats: ['iife'], name: 'unreset', fileName: () => file },
            rolldownOptions: { external: ['/laboratory.js'] },
          },
        });
      }
      const path = join(outDir, 'manifest.json');
      const manifest = { ...(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>), background };
      writeFileSync(path, JSON.stringify(manifest, null, 2));
    },
  };
}

export default defineConfig(({ mode }) => {
  const target: Target = mode === 'firefox' ? 'firefox' : 'chromium';
  const root = import.meta.dirname;
  const { background, ...manifest } = deriveManifest(JSON.parse(readFileSync(resolve(root, 'manifest.json'), 'utf8')) as Manifest, target);
  const pages = ['src/popup/welcome.html'].filter((page) => existsSync(resolve(root, page)));
  return {
    root,
    plugins: [
      preact(),
      crx({ manifest: manifest as unknown as ManifestV3Export, browser: target === 'firefox' ? 'firefox' : 'chrome' }),
      workerScripts(target, root, background),
    ],
    build: {
      outDir: `dist/${target}`,
      emptyOutDir: true,
      target: ENGINES[target],
      minify: true,
      sourcemap: false,
      // The page's first scripts are asked for side by side; what it loads later needs no list of its own.
      modulePreload: { polyfill: false, resolveDependencies: (_file, chunks, { hostType }) => (hostType === 'html' ? chunks : []) },
      rolldownOptions: pages.length === 0 ? {} : { input: pages },
    },
  };
});
