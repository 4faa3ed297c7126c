import type { Outcome, Stage } from './outcome.ts';

/** A line that ISE writes into guest.log for a failure; `{host}`, `{port}` and `{timeoutMs}` stand for the settings. */
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
  readonly log: KnownLogLine | null;
  /** Where an attempt ends of it; anywhere when empty. */
  readonly stages: readonly Stage[];
  /** Numbers of Entra ID (AADSTS), codes of the system or of MSAL. */
  readonly codes: readonly string[];
  /** Replies of the mail server, as `535 5.7.3`, or `535` for whatever follows. */
  readonly replies: readonly string[];
  /** A part of the reason, where codes do not tell enough. */
  readonly reason?: string;
  /** Other texts that lead to it: the names of alarms, words of other clients. */
  readonly also?: readonly string[];
  readonly causes: readonly string[];
  readonly remedy: string;
  /** Those of test/scenarios/troubleshooting that make the mistake and mend it, by name. */
  readonly scenarios: readonly string[];
  /** Who alone causes it, where ISE itself never does: no page and no guest.log shows it then, and no scenario. */
  readonly causedBy?: 'another client';
}

const session = 'cpm.guestaccess.apiservices.util.SmtpSession';
const provider = 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider';
const noPath = 'unable to find valid certification path to requested target';
const untrusted = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'];
const pkix = `PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: ${noPath}`;
const notConverted = 'javax.mail.MessagingException: Could not convert socket to TLS';
const notConnected = "MessagingException : com.sun.mail.util.MailConnectException: Couldn't connect to host, port: {host}, {port}; timeout {timeoutMs};";
const authenticationFailed: KnownLogLine = { logger: session, message: 'Exception : javax.mail.AuthenticationFailedException: failed to connect' };
const none = { stages: [], codes: [], replies: [], log: null, scenarios: [] } as const;

/**
 * The one table of failures, tried from the top. Texts of ISE are those of Cisco document 225520 where `documented`; else they
 * follow from those, or are ours.
 */
export const knownFailures: readonly KnownFailure[] = [
  {
    ...none,
    id: 'no-answer',
    gui: 'Read timed out',
    certainty: 'inferred',
    log: { logger: session, message: `${notConnected}\nnested exception is:\njava.net.SocketTimeoutException: Read timed out` },
    codes: ['ETIMEDOUT'],
    reason: 'no answer',
    causes: ['the far end takes connections and stays silent', 'it is slower than the Connection Timeout of the page'],
    remedy: 'Look what is wrong on the way or at the far end, or set a longer Connection Timeout.',
    scenarios: ['server-stays-silent'],
  },
  {
    ...none,
    id: 'token-timeout',
    gui: 'connect timed out',
    certainty: 'inferred',
    log: { logger: provider, message: 'Error acquiring token: connect timed out' },
    stages: ['token'],
    codes: ['ETIMEDOUT'],
    causes: ['a firewall does not let the node out to login.microsoftonline.com, port 443', 'the proxy settings are wrong or missing'],
    remedy: 'Mend the proxy settings ("isesim proxy set"), or let this very node out to login.microsoftonline.com:443.',
    scenarios: ['token-timed-out'],
  },
  {
    ...none,
    id: 'connect-timeout',
    gui: 'connect timed out',
    certainty: 'documented',
    log: { logger: session, message: `${notConnected}\nnested exception is:\njava.net.SocketTimeoutException: connect timed out` },
    stages: ['connect'],
    codes: ['ETIMEDOUT'],
    causes: ['a firewall does not let the node out to the mail server', 'the proxy settings are wrong or missing', 'the host or port is wrong'],
    remedy: 'Mend the proxy settings ("isesim proxy set"), or let this very node out to the mail server.',
    scenarios: ['connect-timed-out'],
  },
  {
    ...none,
    id: 'tenant',
    gui: 'Invalid tenant identifier or OAuth endpoint',
    certainty: 'documented',
    log: { logger: provider, message: 'Error acquiring token: Invalid tenant identifier or OAuth endpoint' },
    stages: ['token'],
    codes: ['90002', '900023', 'missing_tenant_id_error', 'endpoints_resolution_error'],
    causes: ['the Tenant ID is mistyped, or that of another directory'],
    remedy: 'Check the Tenant ID: the Directory (tenant) ID of the app registration.',
    scenarios: ['invalid-tenant-identifier'],
  },
  {
    ...none,
    id: 'client-secret',
    gui: 'Invalid client secret',
    certainty: 'documented',
    log: { logger: provider, message: 'Error acquiring token: Invalid client secret' },
    stages: ['token'],
    codes: ['7000215', '7000216', 'invalid_client_credential'],
    causes: ['the Client Secret is mistyped', 'the Secret ID was entered instead of its value', 'the secret was removed at Entra ID'],
    remedy: 'Enter the value of a client secret of this application; it is shown only when it is made, so make a new one if need be.',
    scenarios: ['invalid-client-secret'],
  },
  {
    ...none,
    id: 'client-secret-expired',
    gui: 'Invalid client secret',
    certainty: 'inferred',
    log: { logger: provider, message: 'Error acquiring token: Invalid client secret' },
    stages: ['token'],
    codes: ['7000222'],
    also: ['SMTP OAuth Client Secret is expired', 'SMTP OAuth Client Secret about to be expired'],
    causes: ['the client secret has expired at Entra ID, whatever Expiry Date the page has'],
    remedy: 'Make a new client secret at Entra ID, enter its value and its expiry date, test and save.',
    scenarios: ['expired-client-secret'],
  },
  {
    ...none,
    id: 'client-id',
    gui: 'Invalid client ID',
    certainty: 'ours',
    log: { logger: provider, message: 'Error acquiring token: Invalid client ID' },
    stages: ['token'],
    codes: ['700016', '7000229'],
    causes: ['the Client ID is mistyped, or an object ID', 'the application is one of another tenant', 'its enterprise application was deleted'],
    remedy: 'Check the Client ID: the Application (client) ID of the app registration.',
    scenarios: ['invalid-client-id'],
  },
  {
    ...none,
    id: 'scope',
    gui: null,
    certainty: 'ours',
    stages: ['token'],
    codes: ['70011', '1002012', '500011'],
    causes: ['the scope is not that of Exchange Online with /.default behind it'],
    remedy: 'Ask for https://outlook.office.com/.default. ISE does by itself.',
    causedBy: 'another client',
  },
  {
    ...none,
    id: 'token-request',
    gui: null,
    certainty: 'ours',
    stages: ['token'],
    codes: ['900144', '9000411', '900561', '70003'],
    causes: ['the token request lacks a parameter, has one twice, or is no POST with grant_type=client_credentials'],
    remedy: 'Correct the request. That of ISE is in order.',
    causedBy: 'another client',
  },
  {
    ...none,
    id: 'token-busy',
    gui: null,
    certainty: 'ours',
    stages: ['token'],
    codes: ['90055', '90033', '90006', 'EBADRESPONSE'],
    also: ['Too Many Requests', 'temporarily_unavailable'],
    causes: ['Entra ID throttles the tenant or is out of order'],
    remedy: 'Try again later.',
    scenarios: ['token-throttled'],
  },
  {
    ...none,
    id: 'entra-untrusted',
    gui: noPath,
    certainty: 'documented',
    log: { logger: provider, message: `Error acquiring token: ${pkix}` },
    stages: ['token'],
    codes: untrusted,
    causes: ['a certificate of the chain that Entra ID presents is not among the trusted certificates', 'it is there, but not trusted for authentication within ISE (role infrastructure)'],
    remedy: 'Import the certificate with its role: isesim trusted-certificate import --certificate entra-root --roles infrastructure. What is presented: isesim smtp test --trace.',
    scenarios: ['no-certification-path', 'certificate-without-its-role'],
  },
  {
    ...none,
    id: 'exchange-untrusted',
    gui: noPath,
    certainty: 'inferred',
    log: { logger: session, message: `MessagingException : ${notConverted};\nnested exception is:\njavax.net.ssl.SSLHandshakeException: ${pkix}` },
    stages: ['tls'],
    codes: untrusted,
    causes: ['a certificate of the chain that the mail server presents is not among the trusted certificates', 'it is there, but not trusted for authentication within ISE (role infrastructure)'],
    remedy: 'Import the certificate with its role: isesim trusted-certificate import --certificate exchange-root --roles infrastructure. What is presented: isesim smtp test --trace.',
    scenarios: ['no-certification-path-to-the-mail-server'],
  },
  {
    ...none,
    id: 'tls',
    gui: 'Could not convert socket to TLS',
    certainty: 'ours',
    log: { logger: session, message: `MessagingException : ${notConverted};\nnested exception is:\njavax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching {host} found.` },
    stages: ['tls'],
    causes: ['the mail server takes no STARTTLS, or its certificate is not for its name'],
    remedy: 'Enter the name that the certificate has, smtp.office365.com, and port 587. What is presented: isesim smtp test --trace.',
    scenarios: ['name-not-in-the-certificate'],
  },
  {
    ...none,
    id: 'password',
    gui: null,
    certainty: 'ours',
    log: authenticationFailed,
    replies: ['535 5.7.139'],
    reason: 'user credentials were incorrect',
    causes: ['the user name or the password is wrong'],
    remedy: 'Enter the user name and password of the mailbox, or better: use MS Exchange Online OAuth.',
    scenarios: ['wrong-password'],
  },
  {
    ...none,
    id: 'smtp-auth-disabled-tenant',
    gui: 'Invalid email address',
    certainty: 'inferred',
    log: authenticationFailed,
    replies: ['535 5.7.139'],
    reason: 'disabled for the Tenant',
    causes: ['the mailbox says nothing about Authenticated SMTP, and it is off for the tenant'],
    remedy: 'Turn Authenticated SMTP on for the mailbox (Manage email apps, or Set-CASMailbox -SmtpClientAuthenticationDisabled $false), which goes before the tenant.',
    scenarios: ['smtp-auth-off-for-the-tenant'],
  },
  {
    ...none,
    id: 'conditional-access',
    gui: 'Invalid email address',
    certainty: 'inferred',
    log: authenticationFailed,
    replies: ['535 5.7.139'],
    reason: 'did not meet the criteria',
    causes: ['a policy of Conditional Access does not let the application sign in from there'],
    remedy: 'Exclude the application from the policy, or let it in from the addresses of all nodes that send.',
    scenarios: ['conditional-access'],
  },
  {
    ...none,
    id: 'security-defaults',
    gui: 'Invalid email address',
    certainty: 'inferred',
    log: authenticationFailed,
    replies: ['535 5.7.139'],
    reason: 'security defaults',
    causes: ['the security defaults of the tenant refuse the sign-in'],
    remedy: 'Have the administrator of the tenant replace the security defaults by policies that let the application in.',
    scenarios: ['security-defaults'],
  },
  {
    ...none,
    id: 'smtp-auth-disabled',
    gui: 'Invalid email address',
    certainty: 'inferred',
    log: authenticationFailed,
    replies: ['535 5.7.139'],
    causes: ['Authenticated SMTP is off for the mailbox'],
    remedy: 'Turn Authenticated SMTP on for the mailbox (Manage email apps, or Set-CASMailbox -SmtpClientAuthenticationDisabled $false).',
    scenarios: ['smtp-auth-off-for-the-mailbox'],
  },
  {
    ...none,
    id: 'email-address',
    gui: 'Invalid email address',
    certainty: 'documented',
    log: authenticationFailed,
    replies: ['535'],
    causes: [
      'Exchange Online does not know the service principal, or by the Object ID of the app registration instead of that of the enterprise application',
      'SMTP.SendAsApp has no admin consent',
      'the Email Address (Username) is no mailbox',
    ],
    remedy: 'Check Get-ServicePrincipal against the Object ID of the enterprise application, the admin consent, and the Email Address.',
    scenarios: ['invalid-email-address', 'no-service-principal', 'no-admin-consent', 'no-such-mailbox'],
  },
  {
    ...none,
    id: 'basic-authentication',
    gui: null,
    certainty: 'ours',
    log: authenticationFailed,
    replies: ['550 5.7.30'],
    causes: ['Exchange Online takes user name and password no more'],
    remedy: 'Use MS Exchange Online OAuth.',
    scenarios: ['user-name-and-password'],
  },
  {
    ...none,
    id: 'no-authentication-offered',
    gui: null,
    certainty: 'ours',
    log: authenticationFailed,
    stages: ['auth'],
    reason: 'offers no authentication',
    causes: ['Exchange Online lets nobody log in before TLS'],
    remedy: 'Turn on Use TLS/SSL Encryption.',
    scenarios: ['no-encryption'],
  },
  {
    ...none,
    id: 'starttls-required',
    gui: null,
    certainty: 'ours',
    replies: ['451 5.7.3'],
    causes: ['Use TLS/SSL Encryption is off'],
    remedy: 'Turn on Use TLS/SSL Encryption.',
    scenarios: ['neither-encryption-nor-authentication'],
  },
  {
    ...none,
    id: 'not-authenticated',
    gui: null,
    certainty: 'ours',
    replies: ['530'],
    causes: ['Use Authentication is off'],
    remedy: 'Turn on Use Authentication, with MS Exchange Online OAuth.',
    scenarios: ['no-authentication'],
  },
  {
    ...none,
    id: 'mailbox-permission',
    gui: null,
    certainty: 'inferred',
    replies: ['430 4.2.0'],
    causes: ['the service principal has no FullAccess on the mailbox, or only for some minutes: Test Connection succeeds, and mail fails'],
    remedy: 'Add-MailboxPermission with -AccessRights FullAccess, then wait until it works.',
    scenarios: ['no-mailbox-permission'],
  },
  {
    ...none,
    id: 'send-as-throttled',
    gui: null,
    certainty: 'inferred',
    replies: ['550 5.2.252'],
    causes: ['the mailbox sent from an address that is not its own, again and again'],
    remedy: "Set the From address to the mailbox's own, then wait.",
    scenarios: ['wrong-from-again-and-again'],
  },
  {
    ...none,
    id: 'send-as-denied',
    gui: null,
    certainty: 'inferred',
    replies: ['554 5.2.252', '554 5.7.60', '550 5.7.60'],
    causes: ['the From address of Alarm Notification or Guest Email Settings is not that of the mailbox'],
    remedy: "Set the From address to the mailbox's own, or grant SendAs with Add-RecipientPermission.",
    scenarios: ['wrong-from-address'],
  },
  { ...none, id: 'mailbox-full', gui: null, certainty: 'inferred', replies: ['554 5.2.2'], causes: ['Sent Items has filled the mailbox'], remedy: 'Empty the mailbox.', scenarios: ['mailbox-full'] },
  { ...none, id: 'recipient-quota', gui: null, certainty: 'inferred', replies: ['554 5.2.0'], causes: ['more than 10,000 recipients in a day'], remedy: 'Send less from this mailbox.', scenarios: ['too-many-recipients-in-a-day'] },
  { ...none, id: 'sender-blocked', gui: null, certainty: 'inferred', replies: ['550 5.1.8'], causes: ['Microsoft 365 blocks the mailbox for spam'], remedy: 'Unblock it on the Restricted entities page.', scenarios: ['sender-blocked'] },
  {
    ...none,
    id: 'message-too-large',
    gui: null,
    certainty: 'inferred',
    replies: ['552 5.3.4'],
    causes: ['the message is larger than the mailbox may send: its MaxSendSize'],
    remedy: 'Raise it (Set-Mailbox -MaxSendSize), or send a smaller message.',
    scenarios: ['message-too-large'],
  },
  {
    ...none,
    id: 'tls-too-old',
    gui: null,
    certainty: 'inferred',
    replies: ['421 4.7.66'],
    causes: ['the client speaks TLS 1.0 or 1.1'],
    remedy: 'Let the client speak TLS 1.2 or newer.',
    causedBy: 'another client',
  },
  { ...none, id: 'too-many-submissions', gui: null, certainty: 'inferred', replies: ['432'], causes: ['more than three submissions at once for this mailbox, counted over all nodes'], remedy: 'Nothing: it is tried again.', scenarios: ['too-many-submissions-at-once'] },
  { ...none, id: 'exchange-busy', gui: null, certainty: 'inferred', replies: ['421', '451', '452', '450'], causes: ['Exchange Online is busy or out of order'], remedy: 'Nothing: it is tried again.', scenarios: ['exchange-busy'] },
  {
    ...none,
    id: 'proxy',
    gui: null,
    certainty: 'ours',
    codes: ['EPROXY'],
    causes: ['the proxy does not lead to this host'],
    remedy: 'Mend the proxy settings: isesim proxy show.',
    scenarios: ['wrong-proxy'],
  },
  {
    ...none,
    id: 'refused',
    gui: 'Connection refused',
    certainty: 'inferred',
    log: { logger: session, message: `${notConnected}\nnested exception is:\njava.net.ConnectException: Connection refused` },
    codes: ['ECONNREFUSED'],
    causes: ['nobody listens on this port', 'the port is wrong: Exchange Online takes mail on 587'],
    remedy: 'Check host and port.',
    scenarios: ['connection-refused'],
  },
  {
    ...none,
    id: 'unknown-host',
    gui: 'UnknownHostException',
    certainty: 'inferred',
    log: { logger: session, message: `${notConnected}\nnested exception is:\njava.net.UnknownHostException: {host}` },
    codes: ['ENOTFOUND'],
    causes: ['the host name is mistyped', 'the DNS server of this node does not know it'],
    remedy: 'Check the host name, and the DNS servers of this node.',
    scenarios: ['unknown-host'],
  },
  {
    ...none,
    id: 'reset',
    gui: 'Connection reset',
    certainty: 'inferred',
    log: { logger: session, message: 'MessagingException : javax.mail.MessagingException: Exception reading response;\nnested exception is:\njava.net.SocketException: Connection reset' },
    codes: ['ECONNRESET', 'EPIPE'],
    causes: ['a firewall or the far end breaks the connection'],
    remedy: 'Look at the firewalls on the way.',
    scenarios: ['connection-reset'],
  },
];

/** The first row that fits how an attempt ended. */
export function knownFailureOf(outcome: Outcome): KnownFailure | undefined {
  if (!('stage' in outcome)) return undefined;
  return knownFailures.find((row) => fits(row, outcome));
}

export function knownFailureNamed(id: string): KnownFailure | undefined {
  return knownFailures.find((row) => row.id === id);
}

/** What ISE writes into guest.log for it. */
export function logTextOf({ message }: KnownLogLine, { host, port, connectionTimeoutMs }: { readonly host: string; readonly port: number; readonly connectionTimeoutMs: number }): string {
  return message.replaceAll('{host}', host).replaceAll('{port}', String(port)).replaceAll('{timeoutMs}', String(connectionTimeoutMs));
}

type Failed = Extract<Outcome, { stage: Stage }>;

function fits({ stages, codes, replies, reason }: KnownFailure, { stage, code = '', reply, reason: found }: Failed): boolean {
  if (stages.length > 0 && !stages.includes(stage)) return false;
  if (reason !== undefined && !found.includes(reason)) return false;
  if (codes.length > 0 && !codes.includes(code)) return false;
  const said = reply && [String(reply.code), `${reply.code} ${reply.enhanced ?? ''}`];
  return replies.length === 0 || (said?.some((each) => replies.includes(each)) ?? false);
}
