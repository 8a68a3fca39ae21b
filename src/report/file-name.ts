const EXTENSIONS = { json: 'json', html: 'html', markdown: 'md' } as const;

/** Name for an exported file, `unreset-report-<host>.json`: safe on every system and no longer than 120 characters. */
export function reportFileName(host: string, format: 'json' | 'html' | 'markdown'): string {
  const safe = host
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 90)
    .replace(/[-.]+$/, '');
  return `unreset-report-${safe || 'page'}.${EXTENSIONS[format]}`;
}
