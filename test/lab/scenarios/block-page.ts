import { noticeBox, serverNameFilter } from '../boxes';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames, pageApp } from '../site';

const NOTICES = [
  ['Access denied', 'This category is blocked by company policy. Please ask the IT service desk.'],
  ['Website blocked', 'Your organisation does not allow this page. The network administrator can help.'],
  ['Seite gesperrt', 'Diese Seite ist durch die Unternehmensrichtlinie gesperrt.'],
] as const;

const scenario: Scenario = {
  name: 'block-page',
  about: "A workplace's gateway resets TLS by server name, and leads plain HTTP to its notice.",
  shows: ['ERR_CONNECTION_RESET'],
  expect: { verdict: 'cause', causes: ['organisation-filter'], owner: 'path' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const site = await addSite(internet, { host, http: pageApp(internet), isHttp2: draw.isTrue() });
    await addHealthySiblings(internet, siblings);
    const notice = drawNames(internet).host;
    const [title, text] = draw.pick(NOTICES);
    await addSite(internet, {
      host: notice,
      http: (_, response) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(`<!doctype html><title>${title}</title><h1>${title}</h1><p>${text}</p>`);
      },
    });
    internet.boxes.push(
      serverNameFilter(internet, (name) => name === host),
      noticeBox((name) => name === host, `http://${notice}${draw.path()}`),
    );
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
