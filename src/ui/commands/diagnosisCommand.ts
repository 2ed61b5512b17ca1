import { homedir } from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../diagnosis/diagnosis';
import { judgeMachine } from '../../diagnosis/machine';
import { redactReport } from '../../hiding/reportRedaction';
import { EXTENSION_ID } from '../../manifest';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { runCommand } from '../../dialog/ownCommand';
import type { CommandArgument } from './target/commandArgument';
import {
  diagnosisCheck,
  diagnosisReport,
  overallResult,
  type DiagnosisReport,
  type Findings,
} from '../documents/diagnosisReport';
import { instanceInfo } from '../../session/model/instance';
import { notify } from '../../dialog/notifications';
import { discoverHere, mentionPins } from './importFromCli';
import type { CheckDocuments } from '../documents/checkDocuments';
import type { Targets } from './target/target';
import type { Clock } from '../../base/clock';
import { sharedController } from '../../base/deadline';

export interface DiagnosisCommandServices {
  readonly diagnosis: () => Promise<Diagnosis>;
  readonly instances: InstanceStore;
  readonly targets: Targets;
  readonly reports: CheckDocuments;
  readonly version: string;
  readonly clock: Clock;
}

/**
 * Checks one instance or all, and shows the report.
 * @param isRefresh whether to refresh an open report, without a notification
 */
export async function diagnose(
  services: DiagnosisCommandServices,
  argument: CommandArgument,
  isRefresh = false,
): Promise<DiagnosisReport> {
  const named = services.targets.instance(argument);
  const findings = await withProgress(l10n.t('Diagnosing the connection to ZeyOS…'), (signal) =>
    find(services, named ? [named] : services.instances.instances, signal),
  );
  const redact = (text: string): string => redactReport(text, homedir());
  const title = l10n.t('ZeyOS Diagnosis');
  const subject = { name: named ? `${title} – ${named.name}` : title, key: named?.platform.href ?? '' };
  const check = diagnosisCheck(findings, vscode.env.language, services.reports.earlier(subject), redact);
  await services.reports.show(subject, check);
  if (!isRefresh)
    notify('information', l10n.t('ZeyOS connection diagnosis: {0}', overallResult(findings)), {
      ...(findings.ofInstances.length === 0 && { [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance') }),
      [l10n.t('Copy Report')]: () => vscode.env.clipboard.writeText(check.page.markdown),
    });
  void discoverHere().then((discovery) => mentionPins(discovery, services.instances));
  return JSON.parse(redact(JSON.stringify(diagnosisReport(findings, vscode.env.language)))) as DiagnosisReport;
}

async function find(
  { diagnosis, version, clock }: DiagnosisCommandServices,
  instances: InstanceStore['instances'],
  signal: AbortSignal,
): Promise<Findings> {
  const checks = await diagnosis();
  const [ofEditor, ofInstances] = await Promise.all([
    checks.ofEditor(signal),
    Promise.all(
      instances.map(async (instance) => ({
        ...instanceInfo(instance),
        findings: await checks.ofInstance(instance, signal),
      })),
    ),
  ]);
  const where = [vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop', vscode.env.remoteName]
    .filter(Boolean)
    .join(', ');
  return {
    at: clock.now(),
    extension: version,
    editor: `${vscode.env.appName} ${vscode.version} (${where})`,
    system: `${process.platform} ${process.arch}`,
    ofEditor: [
      judgeMachine({
        isWeb: vscode.env.uiKind === vscode.UIKind.Web,
        remoteName: vscode.env.remoteName,
        runsBesideWindow: vscode.extensions.getExtension(EXTENSION_ID)?.extensionKind === vscode.ExtensionKind.UI,
      }),
      ...ofEditor,
    ],
    ofInstances,
  };
}

/** @throws {vscode.CancellationError} */
function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const run = vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, cancellation) => {
      const controller = sharedController();
      const subscription = cancellation.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
      try {
        return await work(controller.signal);
      } finally {
        subscription.dispose();
      }
    },
  );
  return Promise.resolve(run);
}
