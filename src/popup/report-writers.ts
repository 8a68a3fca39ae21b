/** Writers of the report, gathered into one chunk that is loaded when the report is opened. */
export { buildReport } from '../report/build';
export { reportFileName } from '../report/file-name';
export { describeContents } from '../report/redact';
export { renderHtml } from '../report/render-html';
export { renderMarkdown } from '../report/render-markdown';
