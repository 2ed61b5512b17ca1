import { isRunning, type SessionState } from '../../session/model/session';

interface IconView {
  readonly state: SessionState;
  readonly needsSecret: boolean;
  readonly isUnsaved: boolean;
  readonly isReachable: boolean;
}

/** Each kind of state has its own shape, so that the colour is not needed. */
export function stateIcon({ state, needsSecret, isUnsaved, isReachable }: IconView): string {
  if (needsSecret || (isUnsaved && isRunning(state))) return 'warning';
  switch (state) {
    case 'good':
      return isReachable ? 'pass' : 'cloud-offline';
    case 'expiring':
      return isReachable ? 'clock' : 'cloud-offline';
    case 'expired':
    case 'revoked':
    case 'lost':
      return 'error';
    case 'signedOut':
      return 'circle-slash';
  }
}
