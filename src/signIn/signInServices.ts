import type { Services } from '../services';
import { CallbackServers } from './browser/callbackServers';
import { AddInstance } from './addInstance';
import { SessionRequests } from './sessionRequests';
import { SignIn } from './signIn';

export interface SignInFaces {
  readonly addInstance: AddInstance;
  readonly signIn: SignIn;
  readonly callbackServers: CallbackServers;
  readonly sessionRequests: SessionRequests;
}

export function createSignIn(
  services: Services,
  options: {
    readonly showFailure: (error: unknown) => void;
    readonly callbackServers?: CallbackServers;
  },
): SignInFaces {
  const { http, ...core } = services;
  const { callbackServers = new CallbackServers(services.clock) } = options;
  const addInstance = new AddInstance({ ...core, http });
  const signIn = new SignIn({ ...core, addInstance, callbackServers });
  const sessionRequests = new SessionRequests({ ...core, addInstance, signIn, ...options });
  return { addInstance, signIn, callbackServers, sessionRequests };
}
