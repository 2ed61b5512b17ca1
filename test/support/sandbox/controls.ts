import { answerControlCall, isControlCall } from './controlCalls';
import type { Exchange } from './exchange';
import { offeredFaults, tokenEndpoints } from './offeredFaults';
import { sandboxPage } from './page';
import type { Sandbox } from './sandbox';

/** The actions of the control page’s buttons. They return false for an invalid form. */
const actions: Readonly<Record<string, (sandbox: Sandbox, form: URLSearchParams) => boolean>> = {
  '/_sandbox/fault': (sandbox, form) => {
    const offered = offeredFaults[form.get('fault') ?? ''];
    if (!offered) {
      return false;
    }
    sandbox.clearFaults();
    sandbox.fault(tokenEndpoints, offered.fault);
    return true;
  },
  '/_sandbox/clear-faults': (sandbox) => {
    sandbox.clearFaults();
    return true;
  },
  '/_sandbox/revoke-all': (sandbox) => {
    sandbox.revokeAll();
    return true;
  },
  '/_sandbox/lifetime': (sandbox, form) => {
    const instance = sandbox.instances.find(({ name }) => name === form.get('instance'));
    const seconds = Number(form.get('seconds'));
    if (!instance || !Number.isInteger(seconds) || seconds < 1) {
      return false;
    }
    instance.lifetimeSeconds = seconds;
    return true;
  },
};

/** Requests to the control page are exempt from faults and log, so that a fault on everything can be removed. */
export function isControl({ path }: Exchange): boolean {
  return path === '/' || path === '/favicon.ico' || path.startsWith('/_sandbox/');
}

export function answerControl(exchange: Exchange, sandbox: Sandbox): void {
  if (exchange.path === '/') {
    showPage(exchange, sandbox);
    return;
  }
  if (isControlCall(exchange)) {
    if (isOwnHost(exchange, sandbox.origin)) {
      answerControlCall(exchange, sandbox);
    } else {
      exchange.text(403, 'Forbidden: only by a loopback address');
    }
    return;
  }
  if (exchange.path === '/_sandbox/state' && sandbox.exposesState) {
    showState(exchange, sandbox);
    return;
  }
  const action = Object.hasOwn(actions, exchange.path) ? actions[exchange.path] : undefined;
  if (!action) {
    exchange.text(404, 'Not Found');
  } else if (exchange.method !== 'POST') {
    exchange.text(405, 'Method Not Allowed', { Allow: 'POST' });
  } else if (!isOwnPage(exchange, sandbox.origin)) {
    exchange.text(403, 'Forbidden: only the sandbox’s own page may do this');
  } else if (!exchange.form || !action(sandbox, exchange.form)) {
    exchange.text(400, 'Bad Request');
  } else {
    exchange.text(303, 'Done', { Location: '/' });
  }
}

function showPage(exchange: Exchange, sandbox: Sandbox): void {
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    exchange.text(405, 'Method Not Allowed', { Allow: 'GET, HEAD' });
    return;
  }
  exchange.html(200, sandboxPage(sandbox), {
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
  });
}

/** Answers with all tokens and exchanges in full. */
function showState(exchange: Exchange, sandbox: Sandbox): void {
  if (exchange.method !== 'GET') {
    exchange.text(405, 'Method Not Allowed', { Allow: 'GET' });
  } else if (!isOwnHost(exchange, sandbox.origin)) {
    exchange.text(403, 'Forbidden: only by a loopback address');
  } else {
    exchange.json(200, { tokens: sandbox.tokens(), exchanges: sandbox.exchanges });
  }
}

/**
 * Checks both headers, because a foreign page can forge neither. Origin names the page; Host shows that no foreign name
 * resolves to this server.
 */
function isOwnPage({ headers }: Exchange, sandboxOrigin: string): boolean {
  const { protocol } = new URL(sandboxOrigin);
  return ownHosts(sandboxOrigin).some((host) => headers.host === host && headers.origin === `${protocol}//${host}`);
}

/** Whether the client came by an address of this machine, and not by a foreign name that leads here. */
function isOwnHost({ headers }: Exchange, sandboxOrigin: string): boolean {
  return ownHosts(sandboxOrigin).some((host) => headers.host === host);
}

function ownHosts(sandboxOrigin: string): string[] {
  const { host, port } = new URL(sandboxOrigin);
  return [host, `127.0.0.1:${port}`, `localhost:${port}`];
}
