import type { ConnectionTest, Traced, TracedCertificate } from '@isesim/domain';
import { connectionTestConclusion } from './connection-test-conclusion.ts';

/** A Test Connection as a person reads it: what its page shows, what happened on the way where that was traced, and what follows. */
export function connectionTestText(test: ConnectionTest): string {
  const { node, by, message, trace } = test;
  const head = by === 'ISE' ? `Test Connection from ${node}: ${message}` : `Probe from ${node}, which ISE has not: ${message}`;
  return [head, ...(trace ? ['', ...trace.flatMap(lines), '', connectionTestConclusion(test)] : [])].join('\n');
}

const labelWidth = 'connect'.length;

function lines(event: Traced): string[] {
  const time = new Date(event.at).toISOString().slice(11, 23);
  const [first = '', ...more] = told(event);
  return [`${time}  ${labelOf(event).padEnd(labelWidth)}  ${first}`, ...more.map((line) => `${' '.repeat(time.length + labelWidth + 6)}${line}`)];
}

function labelOf({ step }: Traced): string {
  return step.startsWith('token') ? 'token' : step;
}

function told(event: Traced): string[] {
  switch (event.step) {
    case 'resolve':
      return [`${event.name} is ${event.address ?? `not known: ${event.failed ?? ''}`}`];
    case 'connect':
      return [`${event.to}${event.proxy === undefined ? '' : ` through the proxy ${event.proxy}`}${event.failed === undefined ? ` from ${event.from ?? ''}` : ` failed: ${event.failed}`}`];
    case 'tls':
      return [`${event.host} ${event.failed === undefined ? `is trusted, ${event.protocol ?? ''}` : `is not trusted: ${event.failed}`}`, ...event.chain.flatMap(certificate)];
    case 'token-request':
      return [`POST ${event.url}`, ...values(event.form)];
    case 'token-answer':
      return [[String(event.status), ...Object.entries(event.answer ?? {}).map((field) => field.join(' ')), ...(event.claims ? ['a token that says'] : [])].join(', '), ...values(event.claims ?? event.error ?? {})];
    case 'smtp':
      return [`${event.says === 'client' ? '>' : '<'} ${event.line}`];
  }
}

function certificate({ subject, issuer, validTo, trusted }: TracedCertificate): string[] {
  return [`${trusted ? 'trusted:   ' : 'presented: '}${subject}`, `           issued by ${issuer}, valid to ${validTo}`];
}

function values(all: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(all).map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
