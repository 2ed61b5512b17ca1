import type { Services } from '../services';
import { AddInstance } from './addInstance';
import { SessionRequests } from './sessionRequests';
import { SignIn } from './signIn';

/** What asks the user about instances and credentials. */
export interface SignInFaces {
  readonly addInstance: AddInstance;
  readonly signIn: SignIn;
  /** Serves the requests that the editor passes on from other extensions. */
  readonly sessionRequests: SessionRequests;
}

/**
 * @param options `showFailure`: shows a failure to the user after the extension that asked has stopped waiting; `deadlineMs`:
 * how long that extension waits, in milliseconds
 */
export function createSignIn(
  services: Services,
  options: { readonly showFailure: (error: unknown) => void; readonly deadlineMs?: number },
): SignInFaces {
  const { settings, http, ...core } = services;
  const addInstance = new AddInstance({ ...core, http });
  const signIn = new SignIn({ ...core, addInstance, staySignedIn: settings.staySignedIn });
  const sessionRequests = new SessionRequests({ ...core, addInstance, signIn, ...options });
  return { addInstance, signIn, sessionRequests };
}
