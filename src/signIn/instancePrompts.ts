import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Instance, SignInMethod } from '../session/model/instance';
import type { InstanceStore } from '../session/storage/instanceStore';
import type { AddInstance } from './addInstance';
import type { StoredAccount } from '../session/model/session';
import { withProductionMark } from '../dialog/productionMark';
import { BACK, pick, type PickItem } from '../dialog/prompts';
import { chosenInstance, signInTitle, type SignInState } from './signInState';
import type { Step } from './steps';

/** The active instance comes first. */
export function instanceStep(
  { instances, addInstance }: { instances: InstanceStore; addInstance: AddInstance },
  choose: (instance: Instance) => void,
): Step {
  return async ({ canGoBack }) => {
    const { active } = instances;
    const ordered = [...instances.instances].sort((a, b) => Number(b === active) - Number(a === active));
    const items: readonly PickItem<Instance | undefined>[] = [
      ...ordered.map((instance) => ({
        label: withProductionMark(instance.name, instance),
        description: instance.platform.label,
        iconPath: new vscode.ThemeIcon('server-environment'),
        value: instance,
      })),
      { label: l10n.t('Add Instance…'), iconPath: new vscode.ThemeIcon('add'), value: undefined },
    ];
    for (;;) {
      const picked = await pick<Instance | undefined>(items, {
        title: l10n.t('Sign in to ZeyOS'),
        placeholder: l10n.t('Select an instance'),
        canGoBack,
      });
      if (picked === BACK) return BACK;
      const instance = picked ?? (await addInstance.runAsStep());
      if (instance === BACK) continue;
      choose(instance);
      return 'done';
    }
  };
}

/** Asks unless the previous session or the instance's setting has a method. */
export function methodStep(state: SignInState): Step {
  return async ({ canGoBack }) => {
    const known = chosenInstance(state).signIn ?? methodOf(state.previousAccount);
    if (known && !state.wantsAnotherWay) {
      state.method = known;
      return 'skipped';
    }
    const items: readonly PickItem<SignInMethod>[] = [
      { label: l10n.t('User Name and Password'), iconPath: new vscode.ThemeIcon('account'), value: 'password' },
      {
        label: l10n.t('Browser'),
        description: l10n.t('OAuth 2.0, with an application registered in ZeyOS; stays signed in'),
        iconPath: new vscode.ThemeIcon('globe'),
        value: 'browser',
      },
      {
        label: l10n.t('Token'),
        description: l10n.t('issued in ZeyOS under "Credentials and Security"'),
        iconPath: new vscode.ThemeIcon('key'),
        value: 'token',
      },
    ];
    const picked = await pick<SignInMethod>(items, {
      title: signInTitle(state),
      placeholder: l10n.t('Select how to sign in'),
      canGoBack,
    });
    if (picked === BACK) return BACK;
    state.method = picked;
    return 'done';
  };
}

function methodOf(stored: StoredAccount | undefined): SignInMethod | undefined {
  if (!stored?.session) return undefined;
  return stored.session.method ?? (stored.session.api === 'oauth2' ? 'browser' : 'password');
}
