import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import './reflect-metadata';
import * as x509 from '@peculiar/x509';

const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

/** A leaf and its key, PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function serialNumber(): string {
  return `4f${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;
}

/** A certificate authority of the lab. Not all of them are trusted by the browser. */
export class Authority {
  readonly name: string;
  /** The root, PEM. */
  readonly pem: string;
  readonly #root: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #contexts = new Map<string, Promise<SecureContext>>();

  private constructor(name: string, root: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.name = name;
    this.#root = root;
    this.#keys = keys;
    this.pem = root.toString('pem');
  }

  static async create(name: string): Promise<Authority> {
    const keys = (await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ O: [name] }, { CN: [name] }],
      notBefore: new Date(Date.now() - 900 * DAY_MS),
      notAfter: new Date(Date.now() + 3000 * DAY_MS),
      signingAlgorithm: KEYS,
      keys: keys as unknown as CryptoKeyPair,
      extensions: [
        new x509.BasicConstraintsExtension(true, 2, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(name, root, keys);
  }

  /** A leaf for DNS names and addresses. `isExpired`: it ended yesterday. */
  async issue(names: readonly string[], options: { isExpired?: boolean } = {}): Promise<Certificate> {
    const keys = (await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [{ CN: [names[0] ?? 'unnamed'] }],
      issuer: this.#root.subjectName,
      notBefore: new Date(Date.now() - 40 * DAY_MS),
      notAfter: new Date(Date.now() + (options.isExpired ? -1 : 50) * DAY_MS),
      signingAlgorithm: KEYS,
      publicKey: keys.publicKey as unknown as CryptoKey,
      signingKey: this.#keys.privateKey as unknown as CryptoKey,
      extensions: [
        new x509.BasicConstraintsExtension(false),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
        new x509.SubjectAlternativeNameExtension(
          names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
        ),
      ],
    });
    return { cert: leaf.toString('pem'), key: await pemOfKey(keys.privateKey) };
  }

  /** A secure context for names, made once. */
  context(names: readonly string[], options: { isExpired?: boolean } = {}): Promise<SecureContext> {
    const key = `${names.join(' ')} ${options.isExpired ?? false}`;
    let context = this.#contexts.get(key);
    if (!context) {
      context = this.issue(names, options).then((certificate) => createSecureContext(certificate));
      this.#contexts.set(key, context);
    }
    return context;
  }
}
