/** Why there is no connection. */
export type ConnectionProblem = 'unknownHost' | 'refused' | 'noRoute';

/** Sorts the error codes of Node and Electron by what helps; `undefined` where a connection may have stood. */
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
