import { useEffect, useRef, useState } from 'preact/hooks';
import type { Audience, Report } from '../../model/report';
import type { SessionView } from '../../model/session';
import { render, t, textOrNothing } from '../words';
import { Icon } from './icons';

/** A blob's address is kept this long: Firefox reads it after the click returns. */
const KEPT_MS = 60_000;

const AUDIENCES: readonly Audience[] = ['self', 'help-desk', 'site-owner'];
const AUDIENCE_TEXT = { self: 'ui_audience_self', 'help-desk': 'ui_audience_help_desk', 'site-owner': 'ui_audience_site_owner' } as const;

/** Writers of the report; their own chunk, so that the first words need not wait for them. */
const loadWriters = () => import('../report-writers');
type Writers = Awaited<ReturnType<typeof loadWriters>>;

/** For whom, how much, what is in it, and the three forms. */
export function ReportView({
  view,
  version,
  nowMs,
  onBack,
}: {
  view: SessionView;
  version: string;
  nowMs: () => number;
  onBack: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [audience, setAudience] = useState<Audience>('self');
  const [isRedacted, setRedacted] = useState(true);
  const [writers, setWriters] = useState<Writers | 'failed' | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    heading.current?.focus();
    loadWriters().then(
      (loaded) => setWriters(loaded),
      () => setWriters('failed'),
    );
  }, []);

  const ready = writers === null || writers === 'failed' ? null : writers;
  const build = (from: Writers): Report =>
    from.buildReport(view, { audience, isRedacted, version, createdAtMs: nowMs(), render, text: textOrNothing });
  const host = view.state.incident.host;
  const letter = { text: textOrNothing, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };

  const save = (form: 'json' | 'html'): void => {
    if (ready === null) return;
    const report = build(ready);
    const [content, type] =
      form === 'json' ? [`${JSON.stringify(report, null, 2)}\n`, 'application/json'] : [ready.renderHtml(report, letter), 'text/html'];
    const name = ready.reportFileName(host, form);
    download(new Blob([content], { type: `${type};charset=utf-8` }), name);
    setSaid(t('ui_report_saved', name));
  };
  const copy = (): void => {
    if (ready === null) return;
    navigator.clipboard.writeText(ready.renderMarkdown(build(ready), letter)).then(
      () => setSaid(t('ui_report_copied')),
      () => setSaid(t('ui_copy_failed')),
    );
  };
  const isOff = ready === null;

  return (
    <section class="report" aria-labelledby="report-title">
      <button type="button" class="link back" data-action="back" onClick={onBack}>
        <Icon name="back" />
        {t('ui_report_back')}
      </button>
      <h1 id="report-title" ref={heading} tabIndex={-1}>
        {t('ui_report_title')}
      </h1>
      {view.progress.isRunning && <p class="note">{t('ui_report_running')}</p>}

      <fieldset class="card choices">
        <legend>{t('ui_report_audience')}</legend>
        {AUDIENCES.map((id) => (
          <label key={id} class="choice">
            <input type="radio" name="audience" value={id} checked={audience === id} onChange={() => setAudience(id)} />
            <span>{t(AUDIENCE_TEXT[id])}</span>
          </label>
        ))}
      </fieldset>

      <div class="card">
        <label class="choice">
          <input
            type="checkbox"
            class="switch"
            data-field="redacted"
            checked={isRedacted}
            aria-describedby="redaction-help"
            onChange={(event) => setRedacted(event.currentTarget.checked)}
          />
          <span>{t('ui_report_redact')}</span>
        </label>
        <p id="redaction-help" class="quiet">
          {t(isRedacted ? 'ui_report_redacted' : 'ui_report_not_redacted')}
        </p>
        {ready !== null && <Contents writers={ready} view={view} isRedacted={isRedacted} />}
      </div>

      <div class="exports">
        <button type="button" class="button button-primary" data-export="html" aria-disabled={isOff} onClick={() => save('html')}>
          {t('ui_export_html')}
        </button>
        <button type="button" class="button" data-export="json" aria-disabled={isOff} onClick={() => save('json')}>
          {t('ui_export_json')}
        </button>
        <button type="button" class="button" data-export="markdown" aria-disabled={isOff} onClick={copy}>
          {t('ui_export_markdown')}
        </button>
      </div>
      <p class="said" role="status">
        {writers === 'failed' ? t('ui_report_failed') : said}
      </p>

      {ready !== null && (
        <details class="more preview">
          <summary>
            <Icon name="chevron" />
            {t('ui_report_preview')}
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs the focus to be scrolled by keyboard */}
          <section tabIndex={0} aria-label={t('ui_report_preview')}>
            <pre>{ready.renderMarkdown(build(ready), letter)}</pre>
          </section>
        </details>
      )}
    </section>
  );
}

/** What is in the report and what was left out, in plain words. */
function Contents({ writers, view, isRedacted }: { writers: Writers; view: SessionView; isRedacted: boolean }) {
  const { included, leftOut } = writers.describeContents(view, { isRedacted, text: textOrNothing });
  return (
    <details class="more">
      <summary>
        <Icon name="chevron" />
        {t('ui_report_contents')}
      </summary>
      <div class="contents">
        <div>
          <h2>{t('ui_report_included')}</h2>
          <ul>
            {included.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        <div>
          <h2>{t('ui_report_left_out')}</h2>
          <ul>
            {leftOut.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      </div>
    </details>
  );
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
