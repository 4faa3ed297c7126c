import { requestTimeoutMs, type Answers, type Takes, type Verb } from '@isesim/bus';
import type { BackupContent, ConnectionTest, Microsoft365Ready, ProxySettings, SmtpServerSettings } from '@isesim/domain';

export interface SettingsPagesOptions {
  readonly primaryPan: () => string;
  /** `patienceMs`: for what takes longer than is usual. */
  readonly ask: <V extends Verb>(node: string, verb: V, value: Takes<V>, patienceMs?: number) => Promise<Answers<V>>;
  readonly seal: (value: unknown) => unknown;
  readonly roots: () => Microsoft365Ready['roots'];
  /** Faults can stand on the way to a host that a page names. */
  readonly learnHost: (host: string) => void;
}

// Longer than a node waits for another, so that a person hears what the node has to say of it.
export const personsPatienceMs = 3 * requestTimeoutMs;
// For connection and answer of Entra ID, connection, greeting with TLS, and AUTH of Exchange, each as long as the page allows.
const connectionTestWaits = 5;

/** ISE's settings pages that need more than one request: asked of the primary PAN on an administrator's behalf. */
export class SettingsPages {
  readonly #options: SettingsPagesOptions;

  constructor(options: SettingsPagesOptions) {
    this.#options = options;
  }

  /** Edits the draft of the SMTP Server page. Secrets travel sealed. */
  setSmtp({ authentication, ...fields }: Partial<SmtpServerSettings>): Promise<Answers<'smtp-set'>> {
    const { ask, primaryPan, seal } = this.#options;
    return ask(primaryPan(), 'smtp-set', { ...fields, ...(authentication && { authentication: seal(authentication) }) });
  }

  /**
   * Test Connection of the draft, on the primary PAN; from another node a probe with the settings that it holds. Resolves also when it
   * failed.
   */
  async testConnection({ node, trace = false }: { readonly node?: string | undefined; readonly trace?: boolean } = {}): Promise<ConnectionTest> {
    const { ask, primaryPan } = this.#options;
    const pan = primaryPan();
    const isProbe = node !== undefined && node !== pan;
    const page = isProbe ? (await ask(node, 'show-settings', {})).pages['smtp-server'] : (await ask(pan, 'smtp-show', {})).draft;
    const { connectionTimeoutMs = 0 } = (page ?? {}) as Partial<SmtpServerSettings>;
    const patienceMs = personsPatienceMs + connectionTestWaits * connectionTimeoutMs;
    return isProbe ? ask(node, 'smtp-probe', { trace }, patienceMs) : ask(pan, 'smtp-test', { trace }, patienceMs);
  }

  /** Changes the Proxy page; `null`: no proxy. */
  async setProxy(proxy: ProxySettings | null): Promise<Answers<'proxy-set'>> {
    const { ask, primaryPan, learnHost } = this.#options;
    const answer = await ask(primaryPan(), 'proxy-set', { proxy });
    if (proxy) learnHost(proxy.host);
    return answer;
  }

  /** Configuration and accounts, without the SMTP server settings and without any secret. */
  backup(): Promise<BackupContent> {
    const { ask, primaryPan } = this.#options;
    return ask(primaryPan(), 'backup', {});
  }

  /** Puts a backup in place of what is there; the SMTP Server page is empty afterwards. Microsoft's own certificates are those of today. */
  async restore({ pages, accounts }: BackupContent): Promise<Answers<'restore'>> {
    const { ask, primaryPan, roots, learnHost } = this.#options;
    const today: Readonly<Record<string, string | undefined>> = roots();
    const certificates = pages['trusted-certificates'].certificates.map((each) => ({ ...each, pem: today[each.name] ?? each.pem }));
    const answer = await ask(primaryPan(), 'restore', { pages: { ...pages, 'trusted-certificates': { certificates } }, accounts });
    if (pages.proxy.proxy) learnHost(pages.proxy.proxy.host);
    return answer;
  }
}
