import type { Stage } from './outcome.ts';

/** A line that ISE writes into guest.log for a failure; `{host}`, `{port}` and `{timeoutMs}` stand for the settings, `{unknown}` for the name that was not found. */
export interface KnownLogLine {
  readonly logger: string;
  readonly message: string;
}

/** One row of what can go wrong between a node and Microsoft 365: how it shows, what causes it, what mends it. */
export interface KnownFailure {
  readonly id: string;
  /** What Test Connection shows for it; null where Test Connection does not fail of it, or nobody recorded the text. */
  readonly gui: string | null;
  readonly certainty: 'documented' | 'inferred' | 'ours';
  /** Test Connection does not fail of it: it shows only when a mail is sent. */
  readonly testSucceeds?: true;
  readonly log: KnownLogLine | null;
  /** Where an attempt ends of it; anywhere when empty. */
  readonly stages: readonly Stage[];
  /** Numbers of Entra ID (AADSTS), codes of the system or of MSAL. */
  readonly codes: readonly string[];
  /** Replies of the mail server, as `535 5.7.3`, or `535` for whatever follows. */
  readonly replies: readonly string[];
  /** A part of the reason, where codes do not tell enough. */
  readonly reason?: string;
  /** Other texts that lead to it: words of replies, of Entra ID's answers, of Java, of proxies; `{host}` stands for any name. */
  readonly also?: readonly string[];
  readonly causes: readonly string[];
  readonly remedy: string;
  /** Those of test/scenarios/troubleshooting that make the mistake and mend it, by name. */
  readonly scenarios: readonly string[];
  /** Who alone causes it, where ISE itself never does: no page and no guest.log shows it then, and no scenario. */
  readonly causedBy?: 'another client';
}

export const session = 'cpm.guestaccess.apiservices.util.SmtpSession';
export const provider = 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider';
export const noPath = 'unable to find valid certification path to requested target';
export const pkix = `PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: ${noPath}`;
export const untrusted = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'];
export const none = { stages: [], codes: [], replies: [], log: null, scenarios: [] } as const;
