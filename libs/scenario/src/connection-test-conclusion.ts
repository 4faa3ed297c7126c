import { knownFailureNamed, noRoleCauses, type ConnectionTest, type Traced } from '@isesim/domain';

interface Conclusion {
  readonly because: string;
  readonly remedy?: string;
}

/** What follows from a traced Test Connection, in one sentence, and what mends it. */
export function connectionTestConclusion(test: ConnectionTest): string {
  const { node, succeeded, message } = test;
  if (succeeded) return `The way from ${node} is open and its login is taken; of other nodes this says nothing.`;
  const { because, remedy = test.remedy } = missingIssuer(test) ?? fromToken(test) ?? fromTable(test) ?? {};
  return [`From ${node} it fails (${message})${because === undefined ? '' : `: ${because}`}.`, ...(remedy === undefined ? [] : [remedy])].join('\n');
}

/** The certificate that would make a chain trusted. */
function missingIssuer({ failure = '', trace = [] }: ConnectionTest): Conclusion | undefined {
  if (!failure.endsWith('untrusted')) return undefined;
  const broken = trace.find((event) => event.step === 'tls' && event.failed !== undefined && event.chain.length > 0);
  if (broken?.step !== 'tls') return undefined;
  return { because: `the chain of ${broken.host} leads to "${broken.chain.at(-1)?.issuer ?? ''}", which is not among the certificates that the node trusts for authentication within ISE` };
}

const wantedRole = 'SMTP.SendAsApp';
const consent: Conclusion = {
  because: `no admin consent to ${wantedRole}, or no such application permission (a delegated one gives no role)`,
  remedy: `Give the application the permission ${wantedRole} of Office 365 Exchange Online, as an application permission, and grant admin consent.`,
};

/** Of a login that is refused: whether the token says why. */
function fromToken({ failure, trace = [] }: ConnectionTest): Conclusion | undefined {
  const claims = failure === 'email-address' ? claimsIn(trace) : undefined;
  if (!claims) return undefined;
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : [];
  if (roles.includes(wantedRole)) return ofExchange(String(claims['oid']));
  const has = roles.length === 0 ? 'no roles' : `the roles ${roles.join(', ')}, and not ${wantedRole}`;
  return { ...consent, because: `the token has ${has}: ${consent.because}` };
}

function ofExchange(objectId: string): Conclusion {
  const left = knownFailureNamed('email-address')?.causes.filter((cause) => !(noRoleCauses as readonly string[]).includes(cause)) ?? [];
  return {
    because: `the token is in order (it has the role ${wantedRole}), so it is what Exchange Online knows: ${left.join(', or ')}`,
    remedy: `Check that Get-ServicePrincipal shows the token's oid as ObjectId (${objectId}), the Email Address, and the licence of its user.`,
  };
}

function claimsIn(trace: readonly Traced[]): Readonly<Record<string, unknown>> | undefined {
  const answer = trace.find((event) => event.step === 'token-answer');
  return answer?.step === 'token-answer' ? answer.claims : undefined;
}

function fromTable({ failure }: ConnectionTest): Conclusion | undefined {
  const causes = failure === undefined ? undefined : knownFailureNamed(failure)?.causes;
  return causes && { because: causes.join(', or ') };
}
