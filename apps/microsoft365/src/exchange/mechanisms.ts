import type { Clock } from '@isesim/domain';
import type { SigningKey } from '../entra/signing-key.ts';
import type { TenantState } from '../tenant/tenant-state.ts';
import { authenticateByPassword } from './authenticate-by-password.ts';
import { authenticate, type Submitter } from './authenticate.ts';
import type { Situation } from './replies.ts';

export interface AuthenticationWorld {
  readonly tenant: TenantState;
  readonly clock: Clock;
  readonly signingKey: () => Promise<SigningKey>;
}

/** A way to authenticate (RFC 4954): what the client is asked, in this order, and how its responses are judged. */
export interface Mechanism {
  readonly challenges: readonly Situation[];
  /** Whether it is Basic authentication, that is by user name and password. */
  readonly basic: boolean;
  /** The responses are in base64; the first may have come with AUTH itself. */
  readonly judge: (responses: readonly string[], world: AuthenticationWorld) => Promise<Submitter | Situation>;
}

/** Of these EHLO offers LOGIN and XOAUTH2. */
const mechanisms: ReadonlyMap<string, Mechanism> = new Map([
  [
    'XOAUTH2',
    {
      challenges: ['challenge'],
      basic: false,
      judge: async ([response = ''], { tenant, clock, signingKey }) => authenticate(response, tenant.propagated, await signingKey(), clock.now()),
    },
  ],
  [
    'LOGIN',
    {
      challenges: ['username challenge', 'password challenge'],
      basic: true,
      judge: ([user = '', password = ''], { tenant }) => Promise.resolve(authenticateByPassword({ user: decoded(user), password: decoded(password) }, tenant)),
    },
  ],
  ['PLAIN', { challenges: ['challenge'], basic: true, judge: ([response = ''], { tenant }) => Promise.resolve(judgePlain(response, tenant)) }],
] satisfies [string, Mechanism][]);

/** By its name in either case. */
export function mechanismNamed(name: string): Mechanism | undefined {
  return mechanisms.get(name.toUpperCase());
}

/** `[other identity] NUL user NUL password` (RFC 4616). Nobody may act as another. */
function judgePlain(response: string, tenant: TenantState): Submitter | Situation {
  const [, identity = '', user, password] = /^([^\0]*)\0([^\0]+)\0([^\0]+)$/.exec(decoded(response)) ?? [];
  if (user === undefined || password === undefined || ![user, ''].includes(identity)) return 'unauthenticated';
  return authenticateByPassword({ user, password }, tenant);
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
