import { homedir } from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../diagnosis/diagnosis';
import { redacted } from '../../diagnosis/redaction';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { runCommand } from '../../dialog/ownCommand';
import type { CommandArgument } from './commandArgument';
import {
  diagnosisMarkdown,
  diagnosisReport,
  overallResult,
  type DiagnosisReport,
  type Findings,
} from '../documents/diagnosisReport';
import { instanceInfo } from '../../session/model/instance';
import { notify } from '../../dialog/notifications';
import { discoverHere, mentionPins } from './importFromCli';
import type { ReadOnlyDocuments } from '../../editor/documents';
import type { Targets } from './target';

export interface DiagnosisCommandServices {
  readonly diagnosis: () => Promise<Diagnosis>;
  readonly instances: InstanceStore;
  readonly targets: Targets;
  readonly reports: ReadOnlyDocuments;
  readonly version: string;
  readonly now: () => number;
}

/** Looks at what is between this editor and one instance, or all of them, and shows it. */
export async function diagnose(
  services: DiagnosisCommandServices,
  argument: CommandArgument,
): Promise<DiagnosisReport> {
  const named = services.targets.instance(argument);
  const findings = await withProgress(l10n.t('Diagnosing the connection to ZeyOS…'), (signal) =>
    find(services, named ? [named] : services.instances.instances, signal),
  );
  const text = redacted(diagnosisMarkdown(findings, vscode.env.language), homedir());
  // A document of its own for each: one that has just been closed may still show its last content.
  await services.reports.show(l10n.t('ZeyOS Diagnosis'), text, String(findings.at));
  notify('information', l10n.t('ZeyOS connection diagnosis: {0}', overallResult(findings)), {
    ...(findings.ofInstances.length === 0 && { [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance') }),
    [l10n.t('Copy Report')]: () => vscode.env.clipboard.writeText(text),
  });
  void discoverHere().then((discovery) => mentionPins(discovery, services.instances));
  return JSON.parse(
    redacted(JSON.stringify(diagnosisReport(findings, vscode.env.language)), homedir()),
  ) as DiagnosisReport;
}

async function find(
  { diagnosis, version, now }: DiagnosisCommandServices,
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
    at: now(),
    extension: version,
    editor: `${vscode.env.appName} ${vscode.version} (${where})`,
    system: `${process.platform} ${process.arch}`,
    ofEditor,
    ofInstances,
  };
}

/** @throws {vscode.CancellationError} */
function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const run = vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, cancellation) => {
      const controller = new AbortController();
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
