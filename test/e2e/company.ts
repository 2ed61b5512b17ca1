import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateAuthority } from '../support/certificateAuthority';
import { temporaryFolder } from '../support/cleanUp';
import { ForwardProxy } from '../support/forwardProxy';
import { Editor, type EditorOptions } from './editor';

/** The editor never asks for this machine through a proxy, so it is a host that only the proxy knows. */
export const HOST = 'zeyos.invalid';
export const INSTANCE = `https://${HOST}/demo`;

export interface CompanyOptions extends Omit<EditorOptions, 'settings' | 'env'> {
  /** User settings, besides the instance and the proxy. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the system trusts the company's authority. */
  readonly isTrusted?: boolean;
  /** The host that the proxy leads to the sandbox. */
  readonly host?: string;
}

/**
 * An editor in a company's network: the proxy is the only way out, and the certificates are the company's own. The editor's `fetch` trusts
 * Node's roots and the system's, whatever `NODE_EXTRA_CA_CERTS` says; for Node, `SSL_CERT_FILE` is the system's.
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
      proxy.lead(`${host}:443`, Number(new URL(sandbox.origin).port));
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
