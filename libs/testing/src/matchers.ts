import type { MailRecord } from '@isesim/domain';
import { mailsThatFit, missHints, wantedText, type MailWanted } from '@isesim/scenario';
import type { TestDeployment } from './test-deployment.ts';

/** What vitest makes a message and a diff of. */
interface Judged {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

export interface MailMatchers {
  /** The mail, or every mail of the list, was sent by `node`: by the evidence of the receiving side. */
  toHaveBeenSentBy(node: string): void;
}

export interface DeploymentMatchers {
  /** At least one mail that fits was accepted, or exactly `count`. Waits for quiet. */
  toHaveSent(wanted: MailWanted & { readonly count?: number }): Promise<void>;
  /** These mails were accepted and no others, in any order: each fits one of the list. Waits for quiet. */
  toHaveSentOnly(wanted: readonly MailWanted[]): Promise<void>;
  /** Every mail came from the node that the node table names for it. Waits for quiet. */
  toMatchNodeTable(): Promise<void>;
}

const labelWidth = 'nearest'.length;

export const matchers = {
  toHaveBeenSentBy(received: MailRecord | readonly MailRecord[], node: string): Judged {
    const mails = Array.isArray(received) ? (received as readonly MailRecord[]) : [received as MailRecord];
    const others = mails.filter(({ sentBy }) => sentBy !== node);
    const pass = mails.length > 0 && others.length === 0;
    return {
      pass,
      message: () => (mails.length === 0 ? `no mail was given, so none was sent by ${node}` : `${pass ? 'mail was' : 'not all mail was'} sent by ${node}:\n${(pass ? mails : others).map(evidenceOf).join('\n')}`),
      actual: mails.map(({ id, sentBy }) => ({ id, sentBy })),
      expected: mails.map(({ id }) => ({ id, sentBy: node })),
    };
  },

  async toHaveSent(deployment: TestDeployment, { count, ...wanted }: MailWanted & { readonly count?: number }): Promise<Judged> {
    const mails = await deployment.mails(wanted);
    const pass = count === undefined ? mails.length > 0 : mails.length === count;
    const hints = pass ? [] : await missHints(deployment.stage, wanted, mails);
    const hint = hints.map(([label, text]) => `\n${label.padEnd(labelWidth)}  ${text}`).join('');
    return {
      pass,
      message: () => `${mails.length} ${mails.length === 1 ? 'mail fits' : 'mails fit'} "${wantedText(wanted)}", ${pass ? 'and that was not expected' : count === undefined ? 'at least one was expected' : `${count} expected`}${hint}`,
    };
  },

  async toHaveSentOnly(deployment: TestDeployment, wanted: readonly MailWanted[]): Promise<Judged> {
    const mails = await deployment.mails();
    const { left, missing } = await matched(deployment, mails, wanted);
    const fields = [...new Set(wanted.flatMap((each) => Object.keys(each)))] as (keyof MailWanted)[];
    const lines = [...missing.map((each) => `missing: ${wantedText(each)}`), ...left.map((mail) => `besides: ${evidenceOf(mail)}`)];
    return {
      pass: lines.length === 0,
      message: () => (lines.length === 0 ? 'exactly these mails were sent' : `other mails were sent than expected:\n${lines.join('\n')}`),
      actual: mails.map((mail) => Object.fromEntries(fields.map((field) => [field, (mail as unknown as Record<string, unknown>)[field]]))),
      expected: wanted,
    };
  },

  async toMatchNodeTable(deployment: TestDeployment): Promise<Judged> {
    const { judged, findings } = await deployment.audit();
    return {
      pass: findings.length === 0 && judged > 0,
      message: () => (judged === 0 ? 'no mail was sent, so nothing shows who sends it' : `${judged} mails judged by the node table: ${findings.length === 0 ? 'no finding' : findings.map(({ mail, message }) => `\n${mail}: ${message}`).join('')}`),
    };
  },
};

/** Gives as many wanted mails as can be one that fits, none to two of them. */
async function matched({ stage }: TestDeployment, mails: readonly MailRecord[], wanted: readonly MailWanted[]): Promise<{ left: MailRecord[]; missing: MailWanted[] }> {
  const fitting = new Map(await Promise.all(wanted.map(async (each) => [each, await mailsThatFit(stage, each)] as const)));
  const given = new Map<string, MailWanted>();
  /** Takes a mail that is free, or from one that can do with another. */
  const give = (each: MailWanted, seen: Set<string>): boolean =>
    (fitting.get(each) ?? []).some(({ id }) => {
      if (seen.has(id)) return false;
      seen.add(id);
      const holder = given.get(id);
      if (holder && !give(holder, seen)) return false;
      given.set(id, each);
      return true;
    });
  const missing = wanted.filter((each) => !give(each, new Set()));
  return { left: mails.filter(({ id }) => !given.has(id)), missing };
}

function evidenceOf({ id, purpose, to, sentBy, remoteAddress, ehlo }: MailRecord): string {
  return `${id} (${purpose ?? 'no purpose'} to ${to.join(', ')}) was sent by ${sentBy ?? 'no node of ours'}: ${remoteAddress}, EHLO ${ehlo}`;
}
