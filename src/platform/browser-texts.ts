import { api } from './api';
import { createTexts } from './text';

/** The renderer over this browser's `_locales`. */
export const { render, text } = createTexts((id, substitutions) => api.i18n.getMessage(id, substitutions));
