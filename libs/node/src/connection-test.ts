import { knownFailureOf, type Clock, type ConnectionTest, type Outcome, type SmtpServerSettings, type TraceEvent, type Traced } from '@isesim/domain';
import type { OAuthMail } from '@isesim/oauth-mail';

export interface ConnectionTestOptions {
  readonly node: string;
  readonly by: ConnectionTest['by'];
  /** The answer tells all that happened on the way. */
  readonly trace: boolean;
  /** Hears it while it happens. */
  readonly onTrace?: (event: TraceEvent) => void;
  readonly mail: Pick<OAuthMail, 'testConnection'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Tests the settings from where this node stands, and says what came of it in the words of ISE's page. */
export async function testConnection(settings: SmtpServerSettings, { node, by, trace, onTrace, mail, clock }: ConnectionTestOptions): Promise<ConnectionTest> {
  const traced: Traced[] = [];
  const outcome = await mail.testConnection(settings, (event) => {
    traced.push({ at: clock.now(), ...event });
    onTrace?.(event);
  });
  return { node, by, ...judged(outcome, settings), outcome, ...(trace && { trace: traced }) };
}

function judged(outcome: Outcome, { host }: SmtpServerSettings): Pick<ConnectionTest, 'succeeded' | 'message' | 'certainty' | 'failure' | 'remedy'> {
  if (outcome.kind === 'accepted') return { succeeded: true, message: `Successfully connected to ${host}.`, certainty: 'documented' };
  const known = knownFailureOf(outcome);
  const { reason } = outcome;
  if (!known) return { succeeded: false, message: reason, certainty: 'ours' };
  const { id, gui, certainty, remedy } = known;
  return { succeeded: false, message: gui ?? reason, certainty: gui === null ? 'ours' : certainty, failure: id, remedy };
}
