import type { AcceptedMail, Clock, DeploymentNode, Random, Tenant } from '@isesim/domain';
import type { DoubleWork } from './client-connection.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { startEntra } from './entra/entra.ts';
import { signingKeyOnce } from './entra/signing-key.ts';
import { Arrivals } from './exchange/arrivals.ts';
import { startExchange } from './exchange/exchange.ts';
import { MailboxUses } from './exchange/mailbox-use.ts';
import { issueCertificates, type ServerCertificates } from './kept-certificates.ts';
import { StandingFaults } from './faults.ts';
import { RunningNumbers } from './running-numbers.ts';
import { TenantState, type KeptTenant } from './tenant/tenant-state.ts';

export interface Microsoft365Options {
  /** As it begins, or as it was kept. */
  readonly tenant: Tenant | KeptTenant;
  /** To work out which node sent a mail. */
  readonly nodes: readonly DeploymentNode[];
  /** `ehlo` where the system has 127.0.0.1 alone, so that addresses say nothing. */
  readonly evidence: 'address' | 'ehlo';
  /** Decides what a token's times are, when it ends, and when a mail was accepted. */
  readonly clock: Clock;
  readonly work: DoubleWork;
  readonly random: Random;
  /** For `acceptedAt` alone. */
  readonly wallClock: () => Date;
  /** Keeps a mail for good; Exchange accepts the mail only after that. `IdTaken` asks for the next id. */
  readonly record: (mail: AcceptedMail) => Promise<void>;
  /** The address to listen on; loopback when left out. */
  readonly listen?: string;
  /** What its servers show; new ones when left out. */
  readonly certificates?: ServerCertificates;
  /** Told of what should not happen; the client meets a server in trouble. */
  readonly onDefect?: (what: string, error: unknown) => void;
}

export interface Microsoft365 {
  /** Where login.microsoftonline.com is to lead. */
  readonly login: { readonly host: string; readonly port: number };
  /** Where smtp.office365.com is to lead. */
  readonly smtp: { readonly host: string; readonly port: number };
  /** A proxy (HTTP CONNECT) that leads to these two. */
  readonly proxy: { readonly host: string; readonly port: number };
  /** What a client must trust, PEM. */
  readonly roots: { readonly 'entra-root': string; readonly 'exchange-root': string };
  readonly tenant: TenantState;
  readonly faults: StandingFaults;
  /** Settles when every connection is closed and told so. */
  close(): Promise<void>;
}

/** Starts a simulated Entra ID and Exchange Online for one tenant. */
export async function startMicrosoft365(options: Microsoft365Options): Promise<Microsoft365> {
  const { entra, exchange } = options.certificates ?? (await issueCertificates());
  const world = {
    listen: '127.0.0.1',
    onDefect: () => undefined,
    ...options,
    tenant: new TenantState(options.tenant, options.clock),
    signingKey: signingKeyOnce(),
    arrivals: new Arrivals(),
    numbers: new RunningNumbers(),
    mailboxes: new MailboxUses(),
    faults: new StandingFaults(),
  };
  const [login, smtp] = await Promise.all([
    startEntra({ ...world, certificate: entra }),
    startExchange({ ...world, certificate: exchange }),
  ]);
  const proxy = await startConnectProxy({ listen: world.listen, leadsTo: { 'login.microsoftonline.com:443': login, 'smtp.office365.com:587': smtp } });
  // Ready for the first token, which waits for it; a start does not.
  world.signingKey().catch((error: unknown) => {
    world.onDefect('the signing key', error);
  });
  return {
    login: { host: login.host, port: login.port },
    smtp: { host: smtp.host, port: smtp.port },
    proxy: { host: proxy.host, port: proxy.port },
    roots: { 'entra-root': entra.root, 'exchange-root': exchange.root },
    tenant: world.tenant,
    faults: world.faults,
    close: async () => {
      await Promise.all([login.close(), smtp.close(), proxy.close()]);
    },
  };
}
