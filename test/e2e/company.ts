import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../support/certificateAuthority';
import { temporaryFolder } from '../support/cleanUp';
import { ForwardProxy } from '../support/forwardProxy';
import { Editor, type EditorOptions } from './editor';

/** Only the proxy knows this host. The editor never sends requests for a loopback address to a proxy. */
export const HOST = 'zeyos.invalid';
export const INSTANCE = `https://${HOST}/demo`;

export interface CompanyOptions extends Omit<EditorOptions, 'settings' | 'env'> {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the system trusts the company's authority. */
  readonly isTrusted?: boolean;
  /** The host that the proxy leads to the sandbox. */
  readonly host?: string;
}

/**
 * An editor in a company’s network, where the proxy is the only way out and the certificates are the company’s own. The
 * editor’s `fetch` trusts Node’s and the system’s roots, but not `NODE_EXTRA_CA_CERTS`. For Node, `SSL_CERT_FILE`
 * contains the system’s roots.
 */
export async function startCompany({ settings, isTrusted = false, host = HOST, ...options }: CompanyOptions = {}) {
  const folder = temporaryFolder('company');
  const authority = await CertificateAuthority.create();
  const caFile = join(folder.path, 'company.pem');
  writeFileSync(caFile, authority.certificate);
  const proxy = await ForwardProxy.start();
  const editor = await Editor.start({
    ...options,
    sandbox: { ...options.sandbox, tls: await authority.issue({ host }) },
    ...(isTrusted && { env: { SSL_CERT_FILE: caFile } }),
    settings: (sandbox) => {
      proxy.addHost(`${host}:443`, Number(new URL(sandbox.origin).port));
      return {
        'zeyos.instances': [{ url: `https://${host}/demo` }],
        'http.proxy': proxy.url(),
        ...(isTrusted && { 'http.systemCertificatesNode': true }),
        ...settings,
      };
    },
  });
  const stop = async (): Promise<void> => {
    await editor.stop();
    await proxy.stop();
    folder.remove();
  };
  return { proxy, editor, caFile, stop };
}

export type Company = Awaited<ReturnType<typeof startCompany>>;
