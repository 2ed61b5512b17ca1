export type ConnectionProblem = 'unknownHost' | 'refused' | 'noRoute';

/** Returns `undefined` if a connection may have existed. The codes are Node's and Electron's. */
export function connectionProblem(code: string | undefined): ConnectionProblem | undefined {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ERR_NAME_NOT_RESOLVED':
      return 'unknownHost';
    case 'ECONNREFUSED':
    case 'ERR_CONNECTION_REFUSED':
      return 'refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'ERR_ADDRESS_UNREACHABLE':
    case 'ERR_INTERNET_DISCONNECTED':
      return 'noRoute';
    default:
      return undefined;
  }
}
