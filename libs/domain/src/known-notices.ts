import { secretAlarms } from './alarm-catalogue.ts';
import { none, type KnownFailure } from './known-failure.ts';

/** What people ask about and no attempt here ends of. `causes` is what it means, `scenarios` lie in test/scenarios. */
export interface KnownNotice extends KnownFailure {
  /** `elsewhere`: a failure of real deployments that nothing here can cause, so that no scenario shows it. */
  readonly notice: 'alarm' | 'success' | 'elsewhere';
}

/** The two alarms of the client secret, what ISE shows when all is well, and what fails only elsewhere. */
export const knownNotices: readonly KnownNotice[] = [
  {
    ...none,
    id: 'client-secret-about-to-expire',
    notice: 'alarm',
    gui: secretAlarms.aboutToExpire,
    certainty: 'documented',
    also: [secretAlarms.aboutToExpire],
    causes: ['the Expiry Date that was typed on the SMTP Server page comes near; nothing fails yet, and Entra ID was not asked', 'the Expiry Date is mistyped'],
    remedy: 'Before that day make a second client secret at Entra ID, enter its value and its expiry date, test, save, and only then remove the old one. If the date alone is wrong, correct it (isesim smtp set --expiry-date).',
    scenarios: ['client-secret-expires', 'change-windows/secret-rotation'],
  },
  {
    ...none,
    id: 'client-secret-past-its-date',
    notice: 'alarm',
    gui: secretAlarms.expired,
    certainty: 'documented',
    also: [secretAlarms.expired, 'SMTP OAuth Client Secret has expired'],
    causes: ['the Expiry Date that was typed on the SMTP Server page has passed; Entra ID was not asked, and may still take the secret', 'the Expiry Date is mistyped'],
    remedy: 'Make a new client secret at Entra ID, enter its value and its expiry date, test and save: with a secret that is over, no mail goes, this alarm included. If Test Connection succeeds, the date alone is wrong: correct it.',
    scenarios: ['client-secret-expires'],
  },
  {
    ...none,
    id: 'test-succeeded',
    notice: 'success',
    gui: 'Successfully connected to {host}.',
    certainty: 'documented',
    also: ['Successfully connected to {host}', 'Successfully created mail session and connected to mail server'],
    causes: [
      'no failure: the primary PAN has a token, reached the mail server, trusts both, and its login was taken',
      'it does not prove that mail goes: FullAccess on the mailbox, the From address and limits show only when a mail is sent',
      'it says nothing of the other nodes: each PSN and the active MnT has a way, DNS and firewall rules of its own',
    ],
    remedy: 'Save the page, send the test mail of a portal (isesim portal test-mail), and probe from the other nodes (isesim smtp test --node psn-1).',
    scenarios: ['troubleshooting/no-mailbox-permission', 'blocked-psn'],
  },
  {
    ...none,
    id: 'certificate-expired',
    // No certificate of the double expires.
    notice: 'elsewhere',
    gui: 'validity check failed',
    certainty: 'inferred',
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    also: ['certificate has expired', 'PKIX path validation failed', 'CertPathValidatorException', 'CertificateExpiredException', 'CertificateNotYetValidException'],
    causes: ['a certificate of the chain that Entra ID, the mail server or a proxy in between presents has expired, or is not valid yet', 'the clock of the node is wrong'],
    remedy: 'Look at the dates in the chain (isesim smtp test --trace) and at the clock of the node (NTP). On the far end only its owner can renew a certificate; that of a proxy which breaks TLS open is your own.',
  },
];
