import { Authority } from '../authority';
import type { Scenario } from '../scenario';
import { addHealthySiblings, addSite, drawNames } from '../site';

const scenario: Scenario = {
  name: 'certificate-error',
  about: 'The certificate is expired, or of an authority that nobody knows.',
  shows: ['ERR_CERT_DATE_INVALID', 'ERR_CERT_AUTHORITY_INVALID'],
  expect: { verdict: 'not-a-reset' },
  async configure(draw, internet) {
    const { host, siblings } = drawNames(internet);
    const isExpired = draw.isTrue();
    const site = await addSite(internet, {
      host,
      isCertificateExpired: isExpired,
      authority: isExpired ? undefined : await Authority.create(draw.name()),
    });
    await addHealthySiblings(internet, siblings);
    return { url: site.httpsUrl(draw.path()) };
  },
};
export default scenario;
