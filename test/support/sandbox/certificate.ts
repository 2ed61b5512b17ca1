import { generate } from 'selfsigned';
import { systemClock } from '../../../src/base/clock';

export interface Certificate {
  readonly key: string;
  /** PEM, which may contain the chain. */
  readonly cert: string;
}

/** Creates a self-signed certificate for one run. Clients trust it by `cert`. */
export async function createCertificate(): Promise<Certificate> {
  const now = systemClock.now();
  const day = 24 * 60 * 60 * 1000;
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + 30 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
