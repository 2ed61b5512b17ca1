import { handshakeProblem } from './handshakeProblem';

export type CertificateProblem =
  'expired' | 'notYetValid' | 'selfSigned' | 'unknownAuthority' | 'wrongName' | 'otherProblem';

/** Returns `undefined` if the certificate is not the problem. The codes are Node's and Electron's. */
export function certificateProblem(code: string | undefined): CertificateProblem | undefined {
  switch (code) {
    case undefined:
      return undefined;
    case 'CERT_HAS_EXPIRED':
    case 'ERR_CERT_DATE_INVALID':
      return 'expired';
    case 'CERT_NOT_YET_VALID':
      return 'notYetValid';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'selfSigned';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_UNTRUSTED':
    case 'CERT_SIGNATURE_FAILURE':
    case 'ERR_CERT_AUTHORITY_INVALID':
      return 'unknownAuthority';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ERR_CERT_COMMON_NAME_INVALID':
      return 'wrongName';
    default:
      if (handshakeProblem(code)) return undefined;
      return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL|EPROTO/.test(code)
        ? 'otherProblem'
        : undefined;
  }
}
