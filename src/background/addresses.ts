/** A URL as it leaves the browser: without its fragment. */
export const withoutFragment = (url: string): string => url.split('#')[0] ?? url;

/** A URL without its query and fragment. */
export const withoutQuery = (url: string): string => withoutFragment(url).split('?')[0] ?? url;
