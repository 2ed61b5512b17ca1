import { X509Certificate } from 'node:crypto';

/** `distrusted`: OpenSSL's trust settings exclude TLS servers. */
export type UnusableReason =
  'unreadable' | 'incomplete' | 'distrusted' | 'privateKey' | 'pkcs7' | 'pkcs12' | 'request' | 'revocations' | 'other';

export interface UnusablePart {
  /** From 1. */
  readonly position: number;
  readonly line: number;
  readonly reason: UnusableReason;
}

export interface CertificateFile {
  readonly certificates: readonly string[];
  readonly unusable: readonly UnusablePart[];
}

/** Object identifiers in DER. */
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');
const PASSWORD_BASED_ENCRYPTION = Buffer.from('2a864886f70d0105', 'hex');
const SERVER_AUTHENTICATION = Buffer.from('06082b06010505070301', 'hex');
const ANY_PURPOSE = Buffer.from('0604551d2500', 'hex');

/**
 * Reads DER, or PEM with text around it (RFC 7468 section 5.2), also with OpenSSL's labels.
 * @param text has one character for each byte
 */
export function readCertificates(text: string): CertificateFile {
  const certificates: string[] = [];
  const unusable: UnusablePart[] = [];
  partsOf(text).forEach(({ line, content }, index) => {
    const read = typeof content === 'string' ? content : readCertificate(content);
    if (read instanceof X509Certificate) certificates.push(read.toString());
    else unusable.push({ position: index + 1, line, reason: read });
  });
  return { certificates, unusable };
}

interface Part {
  readonly line: number;
  /** DER, or why there is none. */
  readonly content: Buffer | UnusableReason;
}

function partsOf(text: string): readonly Part[] {
  // PowerShell writes UTF-16.
  const plain = /B\0E\0G\0I\0N/.test(text) ? text.replaceAll('\0', '') : text;
  const begins = [...plain.matchAll(/-----BEGIN ([^\r\n-]{0,64})-----/g)];
  if (begins.length === 0)
    return plain.startsWith('\x30')
      ? elements(Buffer.from(plain, 'latin1')).map((content) => ({ line: 1, content }))
      : [];
  let line = 1;
  let counted = 0;
  return begins.map(({ 0: begin, 1: label = '', index }, at) => {
    line += plain.slice(counted, index).match(/\r\n|\r|\n/g)?.length ?? 0;
    counted = index;
    const body = plain.slice(index + begin.length, begins[at + 1]?.index);
    const end = body.indexOf(`-----END ${label}-----`);
    return { line, content: reasonForLabel(label) ?? (end === -1 ? 'incomplete' : decode(body.slice(0, end))) };
  });
}

/** Returns `undefined` for the label of a certificate. */
function reasonForLabel(label: string): UnusableReason | undefined {
  switch (label) {
    case 'CERTIFICATE':
    case 'X509 CERTIFICATE':
    case 'TRUSTED CERTIFICATE':
      return undefined;
    case 'PKCS7':
    case 'CMS':
      return 'pkcs7';
    case 'CERTIFICATE REQUEST':
    case 'NEW CERTIFICATE REQUEST':
      return 'request';
    case 'X509 CRL':
      return 'revocations';
    default:
      return label.endsWith('PRIVATE KEY') ? 'privateKey' : 'other';
  }
}

function decode(base64: string): Buffer | UnusableReason {
  const digits = base64.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(digits) ? Buffer.from(digits, 'base64') : 'unreadable';
}

/** @param bytes a certificate, to which OpenSSL may have appended trust settings */
function readCertificate(bytes: Buffer): X509Certificate | UnusableReason {
  const [der, trust] = elements(bytes);
  if (der === undefined) return 'unreadable';
  try {
    const certificate = new X509Certificate(der);
    return trust && !isForServers(trust) ? 'distrusted' : certificate;
  } catch {
    return reasonForDer(der);
  }
}

/** RFC 5652 section 3, RFC 7292 section 4, RFC 5958 section 2, RFC 8017, RFC 5915. */
function reasonForDer(der: Buffer): UnusableReason {
  const [first] = elements(contentOf(der));
  if (first?.equals(SIGNED_DATA)) return 'pkcs7';
  if (first?.[0] === 0x02) return first.at(-1) === 3 ? 'pkcs12' : 'privateKey';
  return first?.[0] === 0x30 && first.indexOf(PASSWORD_BASED_ENCRYPTION) === 4 ? 'privateKey' : 'unreadable';
}

/** OpenSSL's `X509_CERT_AUX` lists the trusted and the rejected purposes. */
function isForServers(trust: Buffer): boolean {
  const parts = elements(contentOf(trust));
  const purposes = (tag: number): readonly Buffer[] | undefined => {
    const part = parts.find((each) => each[0] === tag);
    return part && elements(contentOf(part));
  };
  const covers = (list: readonly Buffer[]): boolean =>
    list.some((each) => each.equals(SERVER_AUTHENTICATION) || each.equals(ANY_PURPOSE));
  return !covers(purposes(0xa0) ?? []) && covers(purposes(0x30) ?? [SERVER_AUTHENTICATION]);
}

/** Splits DER (ITU-T X.690 section 8.1), up to the first incomplete element. */
function elements(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const end = at + headLength(bytes, at) + contentLength(bytes, at);
    // Also true for `NaN`, unlike `end > bytes.length`.
    if (!(end <= bytes.length)) break;
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

function contentOf(element: Buffer): Buffer {
  return element.subarray(headLength(element, 0));
}

function headLength(bytes: Buffer, at: number): number {
  const first = bytes[at + 1] ?? NaN;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

/** `NaN` if the length is missing, indefinite or longer than four bytes. */
function contentLength(bytes: Buffer, at: number): number {
  const first = bytes[at + 1] ?? NaN;
  if (first < 0x80) return first;
  const digits = first & 0x7f;
  return digits < 1 || digits > 4 || at + 2 + digits > bytes.length ? NaN : bytes.readUIntBE(at + 2, digits);
}
