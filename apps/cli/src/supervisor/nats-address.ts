import type { NatsLogin } from '@isesim/domain';
import { CommandProblem } from '../problem.ts';

/** Where a nats-server of others is, and what it asks of whoever it knows no key of. */
export interface NatsServerAddress {
  readonly url: string;
  readonly login?: NatsLogin;
}

const variable = 'ISESIM_NATS_URL';
const natsPort = '4222';

/** The server that the flag names, else the environment; undefined when neither does. A password comes by the environment only. */
export function natsAddressFrom(flag: string | undefined, env: NodeJS.ProcessEnv): NatsServerAddress | undefined {
  const text = flag ?? env[variable];
  if (text === undefined || text === '') return undefined;
  const source = flag === undefined ? variable : '--nats';
  const parsed = parse(text, source);
  if (flag !== undefined && parsed.login) {
    throw new CommandProblem({ kind: 'wrong input', code: 'nats-url', message: '--nats has a login in it, which a process list shows', remedy: `Put the whole URL into ${variable} and leave --nats out.` });
  }
  return parsed;
}

function parse(text: string, source: string): NatsServerAddress {
  const whole = text.includes('://') ? text : `nats://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.protocol !== 'nats:' || url.hostname === '' || !['', '/'].includes(url.pathname)) {
    // Without what stands before an @: it may be a password.
    const shown = text.replace(/^(.*:\/\/)?.*@/, '$1…@');
    throw new CommandProblem({ kind: 'wrong input', code: 'nats-url', message: `${source} "${shown}" is no address of a nats-server`, remedy: 'Write it as nats://host:4222 (TLS towards NATS is not supported yet).' });
  }
  return { url: `nats://${url.hostname}:${url.port || natsPort}`, ...loginOf(url) };
}

/** As NATS' own tools read it: a user name alone is a token. */
function loginOf({ username, password }: URL): { login?: NatsLogin } {
  if (username === '') return {};
  const user = decodeURIComponent(username);
  return { login: password === '' ? { token: user } : { user, pass: decodeURIComponent(password) } };
}
