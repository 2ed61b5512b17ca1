import { generate } from 'selfsigned';
import { systemClock } from '../../src/base/clock';
import type { Certificate } from './sandbox/certificate';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface IssueOptions {
  /** The default is `localhost`. */
  readonly host?: string;
  /** In days from now. */
  readonly from?: number;
  readonly until?: number;
  readonly sendsAuthority?: boolean;
}

/** A company’s certificate authority that exists for one run. */
export class CertificateAuthority {
  private constructor(
    private readonly key: string,
    /** PEM that clients must trust. */
    readonly certificate: string,
  ) {}

  static async create(name = 'Company Root'): Promise<CertificateAuthority> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ...validity(-1, 30),
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    });
    return new CertificateAuthority(key, cert);
  }

  async issue({
    host = 'localhost',
    from = -1,
    until = 30,
    sendsAuthority = false,
  }: IssueOptions = {}): Promise<Certificate> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: this.key, cert: this.certificate },
      ...validity(from, until),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
      ],
    });
    return { key, cert: sendsAuthority ? `${cert}\n${this.certificate}` : cert };
  }
}

/** When a certificate is valid, in days from now. TLS compares it with the clock of the machine. */
export function validity(from: number, until: number): { notBeforeDate: Date; notAfterDate: Date } {
  const now = systemClock.now();
  return { notBeforeDate: new Date(now + from * DAY_MS), notAfterDate: new Date(now + until * DAY_MS) };
}
