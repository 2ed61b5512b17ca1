import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { GroupedLog } from '../../base/log';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';
import { withProductionMark } from '../../dialog/productionMark';
import { UserError } from '../../dialog/report';
import type { McpApi, McpServerDefinition, McpServerDefinitionProvider } from '../../editor/mcpApi';
import type { AgentAccess, AgentConsents } from '../../handover/agents/consents';
import { agentEnvironment } from '../../handover/agents/environment';
import type { Offer } from '../../handover/agents/offer';
import type { Offers } from '../../handover/agents/offers';
import type { StoredAccount } from '../../session/model/session';
import { SignInRequiredError, type Renewal } from '../../session/tokens/renewal';
import { sessionEndedText } from './agentWords';
import { askForConsent } from './consentDialog';
import type { Clock } from '../../base/clock';

/** How long a refusal counts: an agent may try again at once. */
const REFUSAL_MS = 60_000;

interface AgentServerServices {
  readonly api: McpApi;
  readonly offers: Offers;
  readonly agentConsents: AgentConsents;
  readonly renewal: Renewal;
  readonly clock: Clock;
  readonly log: GroupedLog;
  readonly reasonText: () => string;
}

/**
 * Gives the editor one MCP server for the active account. The editor passes the message of a failure to the user or the
 * agent. The definition holds no secret: the environment is made when the server starts.
 */
export class AgentServer implements McpServerDefinitionProvider {
  readonly #services: AgentServerServices;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  /** The last refusal in epoch milliseconds, by session id and sign-in. */
  readonly #refusedAt = new Map<string, number>();
  readonly #questions = new Map<string, Promise<AgentAccess>>();

  readonly onDidChangeMcpServerDefinitions = this.#changes.event;

  constructor(services: AgentServerServices) {
    this.#services = services;
    this.#subscription = vscode.Disposable.from(
      services.offers.onDidChange(() => this.#changes.fire()),
      this.#changes,
    );
  }

  async provideMcpServerDefinitions(): Promise<McpServerDefinition[]> {
    const { offers } = this.#services;
    await offers.refresh();
    return offers.offer ? [this.#definition(offers.offer, {})] : [];
  }

  async resolveMcpServerDefinition({ label }: McpServerDefinition): Promise<McpServerDefinition> {
    const { log } = this.#services;
    return log.during('agents', async () => {
      try {
        return await this.#resolve(label);
      } catch (error) {
        log.warn(`zeyos-mcp is not started: ${isForUser(error) ? error.message : String(error)}`);
        throw error;
      }
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #resolve(label: string): Promise<McpServerDefinition> {
    const { offers, log } = this.#services;
    await offers.refresh();
    const access = await this.#consent(this.#offered(label));
    const renewed = await this.#renew(this.#offered(label).account);
    // The user may have signed out, or switched the instance, while the dialogs were open.
    const offer = this.#offered(label);
    const token = renewed.session?.accessToken?.value;
    if (token === undefined || renewed.id !== offer.account.id) throw new UserError(this.#services.reasonText());
    log.info(
      `zeyos-mcp (${offer.program}) gets the access token of ${renewed.account.label}, for ${access === 'write' ? 'reading and writing' : 'reading'}`,
    );
    offers.noteHandOut({ account: renewed, access });
    return this.#definition(offer, agentEnvironment(offer.instance.platform, token, access));
  }

  /** @throws {UserError} there is another offer, or none */
  #offered(label: string): Offer {
    const { offer } = this.#services.offers;
    if (!offer) throw new UserError(this.#services.reasonText());
    if (labelOf(offer) !== label)
      throw new UserError(
        l10n.t('Agents now work with {0}. Use the MCP server {1}.', offer.account.account.label, labelOf(offer)),
      );
    return offer;
  }

  /** @throws {UserError} the user refuses */
  async #consent(offer: Offer): Promise<AgentAccess> {
    const { agentConsents, clock } = this.#services;
    const { id, account, session } = offer.account;
    const signIn = `${id} ${session?.signedInAt}`;
    const given = await agentConsents.read(offer.account);
    if (given) return given;
    const refused = l10n.t('You did not allow agents to use ZeyOS as {0}.', account.label);
    const isRecent = clock.now() - (this.#refusedAt.get(signIn) ?? -Infinity) < REFUSAL_MS;
    if (isRecent) throw new UserError(l10n.t('{0} Try again in a minute to be asked again.', refused));
    const question =
      this.#questions.get(id) ??
      askForConsent(offer)
        .then(async (access) => {
          await agentConsents.give(offer.account, access);
          return access;
        })
        .finally(() => this.#questions.delete(id));
    this.#questions.set(id, question);
    try {
      return await question;
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) throw error;
      this.#refusedAt.set(signIn, clock.now());
      throw new UserError(refused);
    }
  }

  /** @throws {UserError | InstanceFailure} the token cannot be renewed */
  async #renew({ id, platform, account }: StoredAccount): Promise<StoredAccount> {
    try {
      return await this.#services.renewal.renew(id);
    } catch (error) {
      if (error instanceof SignInRequiredError) throw new UserError(sessionEndedText(account.label));
      throw new InstanceFailure(platform, error);
    }
  }

  #definition(offer: Offer, environment: Readonly<Record<string, string | null>>): McpServerDefinition {
    const { api, offers } = this.#services;
    return new api.McpStdioServerDefinition(labelOf(offer), offer.program, [], { ...environment }, offers.version);
  }
}

function isForUser(error: unknown): error is UserError | InstanceFailure {
  return error instanceof UserError || error instanceof InstanceFailure;
}

/** Another account is another server for the editor. */
function labelOf({ instance, account }: Offer): string {
  return withProductionMark(`ZeyOS ${instance.name}: ${account.account.userName}`, instance);
}
