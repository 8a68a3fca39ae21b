import { useState } from 'preact/hooks';
import type { Incident } from '../../model/incident';
import { nameHost } from '../select/host-name';
import { formatExactly, formatWhen } from '../select/when';
import { counted, locale, named, t } from '../words';

/** What failed: host, error in plain words and as the browser says it, when, how often. */
export function IncidentHeader({ incident, nowMs }: { incident: Incident; nowMs: number }) {
  return (
    <section class="incident" aria-labelledby="host">
      <HostHeading host={incident.host} />
      <p class="incident-error">{errorWords(incident)}</p>
      <p class="meta">
        {incident.error.raw !== '' && <code class="raw-error">{incident.error.raw}</code>}
        <span class="meta-facts">
          <time dateTime={new Date(incident.lastAtMs).toISOString()} title={formatExactly(incident.lastAtMs, locale())}>
            {formatWhen(incident.lastAtMs, nowMs, locale())}
          </time>
          {incident.isHealthy !== true && incident.count > 1 && <span>{counted('ui_times_one', 'ui_times_many', incident.count)}</span>}
          {incident.kind !== 'main-frame' && <span>{t('ui_part_of_page')}</span>}
        </span>
      </p>
      {incident.mendedAtMs !== undefined && <p class="mended">{t('ui_mended', formatWhen(incident.mendedAtMs, nowMs, locale()))}</p>}
    </section>
  );
}

function errorWords(incident: Incident): string {
  if (incident.isHealthy) return t('ui_no_error_loads');
  return named('failure', incident.error.failure, '', t('ui_error_unnamed'));
}

function HostHeading({ host }: { host: string }) {
  const [isFull, setFull] = useState(false);
  const name = nameHost(host);
  return (
    <>
      <h1 id="host" class="host" tabIndex={-1}>
        <bdi class={isFull ? 'host-full' : undefined}>{isFull ? name.full : name.short}</bdi>
      </h1>
      {name.isShortened && (
        <button type="button" class="link" aria-expanded={isFull} onClick={() => setFull(!isFull)}>
          {t(isFull ? 'ui_host_less' : 'ui_host_more')}
        </button>
      )}
      {name.reads !== undefined && (
        <p class="host-reads">
          {t('ui_host_reads')} <bdi>{name.reads}</bdi>
          {name.isMixed && <strong> {t('ui_host_mixed')}</strong>}
        </p>
      )}
    </>
  );
}
