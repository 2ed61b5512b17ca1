import * as l10n from '@vscode/l10n';

export function isPortTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

export function describePortProblem(error: unknown, port: number): string {
  if (isPortTaken(error)) return l10n.t('Port {0} is in use by another program.', port);
  const { code, name } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return l10n.t(
        'The system does not permit the editor to open port {0} ({1}): the port is reserved, or needs administrator rights.',
        port,
        code,
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return l10n.t('Port {0} cannot be opened because this machine has no address 127.0.0.1 ({1}).', port, code);
    case 'EMFILE':
    case 'ENFILE':
      return l10n.t('Port {0} cannot be opened because too many files are open ({1}).', port, code);
    default:
      return l10n.t('Port {0} cannot be opened ({1}).', port, code ?? name);
  }
}
