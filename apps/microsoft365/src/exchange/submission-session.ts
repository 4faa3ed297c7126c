import type { ExchangeLimits, Instant } from '@isesim/domain';
import type { ClientConnection, ConnectionWorld } from '../client-connection.ts';
import type { Stage, StandingFaults } from '../faults.ts';
import { sameText } from '../same-text.ts';
import { findMailbox } from '../tenant/find.ts';
import { isBasicAuthenticationOver } from '../tenant/permissions.ts';
import type { Submitter } from './authenticate.ts';
import { parseCommand, type Command } from './command.ts';
import { faultReply } from './fault-reply.ts';
import type { Underway } from './mailbox-use.ts';
import { mailParameterFault, recipientParameterFault } from './mail-parameters.ts';
import { messageSizeMax } from './message-size.ts';
import { mechanismNamed, type AuthenticationWorld, type Mechanism } from './mechanisms.ts';
import { extensions, replies, replyText, type ReplyValues, type Situation } from './replies.ts';
import { SessionTime } from './session-time.ts';
import { submit, type SubmissionWorld } from './submit.ts';

export interface SessionWorld extends ConnectionWorld, SubmissionWorld, AuthenticationWorld {
  readonly faults: StandingFaults;
}

// Unknown commands, before Exchange hangs up.
const errorsMax = 10;

/** What came up to the final dot. */
export type Message = Buffer | 'too large' | 'cut off';

/** The connection below a session. */
export interface Wire {
  isSecure(): boolean;
  tlsVersion(): string | null;
  /** A 421 closes the connection. */
  send(code: number, text: string | string[]): void;
  startTls(): void;
  /** Reads up to the final dot or the end of the connection, calls `take`, and goes on with commands when that is done. */
  receive(sizeMax: number, take: (message: Message) => Promise<void>): void;
  /** The address and parameters of MAIL FROM or RCPT TO; undefined when malformed. */
  parsePath(name: 'mail from' | 'rcpt to', line: string): Path | undefined;
  close(): void;
}

export interface Path {
  readonly address: string;
  readonly parameters: Readonly<Record<string, string | true>>;
}

/** AUTH under way: what the client has answered so far. */
interface Dialogue {
  readonly mechanism: Mechanism;
  readonly responses: readonly string[];
}

interface Transaction {
  readonly mailFrom: string;
  readonly begun: Instant;
  readonly recipients: string[];
}

const oldTlsVersions = ['TLSv1', 'TLSv1.1'];

/** A client's session with Exchange Online: one method per command, in the order of a submission. */
export class SubmissionSession {
  readonly #wire: Wire;
  readonly #client: ClientConnection;
  readonly #world: SessionWorld;
  readonly #id: string;
  readonly #time: SessionTime;
  #ehlo: string | undefined;
  #submitter: Submitter | undefined;
  #transaction: Transaction | undefined;
  #dialogue: Dialogue | undefined;
  #errors = 0;
  #serving = 0;

  constructor(wire: Wire, client: ClientConnection, world: SessionWorld) {
    this.#wire = wire;
    this.#client = client;
    this.#world = world;
    const now = world.clock.now();
    this.#id = world.random.text(world.numbers.numbered(`session of ${client.address} at ${now}`, now), 16, '0123456789ABCDEF');
    this.#time = new SessionTime({
      clock: world.clock,
      what: `end of the session of ${client.name}`,
      limits: () => this.#limits,
      turn: () => (this.#serving > 0 ? 'server' : this.#transaction ? 'message' : 'client'),
      end: () => this.#end(),
    });
  }

  greet(): void {
    if (this.#isStruck('connect')) this.#wire.close();
    else this.#reply('ready');
  }

  /** Obeys one line; a promise when that takes time, to be waited for before the next line. Never throws: a defect is told, and answered. */
  obey(line: string): void | Promise<void> {
    try {
      return this.#obey(line);
    } catch (error) {
      this.#world.onDefect(`a command from ${this.#client.name}`, error);
      this.#reply('in trouble');
    }
  }

  #obey(line: string): void | Promise<void> {
    if (this.#time.isUp()) return this.#replyOver();
    if (this.#dialogue) return this.#answerToChallenge(line.trim(), this.#dialogue);
    const command = parseCommand(line);
    if (command) return this[command.verb](command);
    this.#errors += 1;
    this.#reply(this.#errors < errorsMax ? 'command unknown' : 'too many errors');
  }

  /** To be called when the connection below has closed. */
  close(): void {
    this.#time.close();
  }

  refuseLongLine(): void {
    this.#reply('line too long');
  }

  EHLO(command: Command): void {
    if (!this.#takeName(command)) return;
    const hello = this.#text('hello', { address: this.#client.address });
    this.#wire.send(replies.hello.code, [hello, ...extensions(this.#wire.isSecure())]);
    this.#time.touch();
  }

  HELO(command: Command): void {
    if (this.#takeName(command)) this.#reply('hello', { address: this.#client.address });
  }

  STARTTLS({ argument }: Command): void {
    if (argument) return this.#reply('argument unexpected');
    if (this.#wire.isSecure()) return this.#reply('TLS already on');
    this.#reply('ready for TLS');
    // RFC 3207 §4.2: nothing that was learnt in clear counts under TLS.
    this.#ehlo = undefined;
    this.#wire.startTls();
  }

  AUTH({ argument }: Command): void | Promise<void> {
    const [name = '', ...responses] = argument.split(/\s+/);
    const { tenant, clock } = this.#world;
    if (this.#ehlo === undefined) return this.#reply('hello first');
    if (!this.#wire.isSecure()) return this.#reply('mechanism unknown');
    if (oldTlsVersions.includes(this.#wire.tlsVersion() ?? '')) return this.#reply('TLS too old');
    if (this.#submitter) return this.#reply('already authenticated');
    const mechanism = mechanismNamed(name);
    if (!mechanism) return this.#reply('mechanism unknown');
    if (mechanism.basic && isBasicAuthenticationOver(tenant.current, clock.now())) return this.#reply('basic authentication');
    if (responses.length > 1) return this.#reply('argument unexpected');
    return this.#goOn({ mechanism, responses });
  }

  MAIL({ line }: Command): void {
    if (this.#ehlo === undefined) return this.#reply('hello first');
    if (!this.#wire.isSecure()) return this.#reply('STARTTLS required');
    if (!this.#submitter) return this.#reply('authentication required');
    if (this.#transaction) return this.#reply('sender already given');
    const path = this.#wire.parsePath('mail from', line);
    if (!path) return this.#reply('sender malformed');
    const fault = mailParameterFault(path.parameters, this.#messageSizeMax(this.#submitter));
    if (fault) return this.#reply(fault);
    if (this.#isStruck('mail')) return;
    this.#transaction = { mailFrom: path.address, begun: this.#world.clock.now(), recipients: [] };
    this.#reply('sender ok');
  }

  RCPT({ line }: Command): void {
    if (!this.#transaction) return this.#reply('mail first');
    const { recipients } = this.#transaction;
    const path = this.#wire.parsePath('rcpt to', line);
    if (!path?.address) return this.#reply('recipient malformed');
    const fault = recipientParameterFault(path.parameters);
    if (fault) return this.#reply(fault);
    if (this.#isStruck('rcpt')) return;
    if (recipients.length >= (this.#limits.recipientsPerMessage ?? Infinity)) return this.#reply('too many recipients');
    if (!recipients.some((each) => sameText(each, path.address))) recipients.push(path.address);
    this.#reply('recipient ok');
  }

  DATA({ argument }: Command): void {
    const submitter = this.#submitter;
    const transaction = this.#transaction;
    if (argument) return this.#reply('argument unexpected');
    if (!submitter || !transaction) return this.#reply('mail first');
    if (transaction.recipients.length === 0) return this.#reply('recipient first');
    this.#reply('start mail input');
    const use = this.#world.mailboxes.of(submitter.mailbox);
    const underway = use.begin(this.#world.clock.now());
    this.#wire.receive(this.#messageSizeMax(submitter), async (message) => {
      this.#transaction = undefined;
      if (message !== 'cut off') await this.#submit({ submitter, ...transaction }, message, underway);
      use.end(underway);
    });
  }

  /** What follows BDAT is message text. It is not read as such here, and must never be read as commands. */
  BDAT(): void {
    this.#reply('chunking not played');
  }

  RSET(): void {
    this.#transaction = undefined;
    this.#reply('reset');
  }

  NOOP(): void {
    this.#reply('ok');
  }

  VRFY(): void {
    this.#reply('cannot verify');
  }

  HELP(): void {
    this.#reply('help');
  }

  QUIT(): void {
    this.#reply('bye');
    this.#wire.close();
  }

  /** EHLO and HELO also end a transaction (RFC 5321 §4.1.4). */
  #takeName({ argument }: Command): boolean {
    // A DNS name or address literal; RFC 5321 §4.5.3.1.2 limits it to 255.
    const fits = /^[!-~\u0080-\uFFFF]{1,255}$/.test(argument);
    if (!fits) this.#reply('name malformed');
    else this.#ehlo = argument;
    if (fits) this.#transaction = undefined;
    return fits;
  }

  /** The line after `334`. */
  #answerToChallenge(response: string, { mechanism, responses }: Dialogue): void | Promise<void> {
    this.#dialogue = undefined;
    return response === '*' ? this.#reply('authentication cancelled') : this.#goOn({ mechanism, responses: [...responses, response] });
  }

  /** Asks for the next response, or judges when all are there. */
  #goOn(dialogue: Dialogue): void | Promise<void> {
    const challenge = dialogue.mechanism.challenges[dialogue.responses.length];
    if (!challenge) return this.#authenticate(dialogue);
    this.#dialogue = dialogue;
    this.#reply(challenge);
  }

  #authenticate({ mechanism, responses }: Dialogue): Promise<void> {
    return this.#during('AUTH', async () => {
      if (this.#isStruck('auth')) return;
      const end = await mechanism.judge(responses, this.#world);
      const refused = typeof end === 'string';
      const { connectMs, refusalMs = 0 } = this.#world.tenant.current.latency;
      await this.#client.sleep(refused ? refusalMs : connectMs);
      if (!refused) this.#submitter = end;
      this.#reply(refused ? end : 'authenticated');
    });
  }

  #submit(given: { readonly submitter: Submitter } & Transaction, message: Buffer | 'too large', underway: Underway): Promise<void> {
    const { clock, mailboxes, tenant } = this.#world;
    return this.#during('DATA', async () => {
      if (message === 'too large') return this.#reply('too large');
      if (this.#isStruck('data')) return;
      const { submitMs } = tenant.current.latency;
      if (mailboxes.of(given.submitter.mailbox).isCrowded(underway, clock.now(), this.#limits)) return this.#reply('too many at once');
      underway.ends = clock.now() + submitMs;
      await this.#client.sleep(submitMs);
      const evidence = { remoteAddress: this.#client.address, ehlo: this.#ehlo ?? '' };
      const { situation, values } = await submit({ ...given, evidence, message }, this.#world);
      this.#reply(situation, values);
    });
  }

  #messageSizeMax({ mailbox }: Submitter): number {
    return messageSizeMax(findMailbox(this.#world.tenant.propagated, mailbox), this.#limits);
  }

  get #limits(): ExchangeLimits {
    return this.#world.tenant.current.limits ?? {};
  }

  #replyOver(): void {
    this.#time.close();
    this.#reply('session over', { duration: this.#time.spent() });
  }

  /** Unasked. Its close is taken at once: then no time passes before a node has seen it, too. */
  async #end(): Promise<void> {
    this.#replyOver();
    await this.#client.close();
  }

  /** Whether a fault that somebody set answers in place of Exchange. */
  #isStruck(stage: Stage): boolean {
    const fault = this.#world.faults.at(stage);
    if (fault) this.#reply(faultReply(fault, stage), { address: this.#client.address });
    return fault !== undefined;
  }

  async #during(verb: string, run: () => Promise<void>): Promise<void> {
    this.#serving += 1;
    await this.#client.during(verb, run, () => {
      this.#reply('in trouble');
    });
    this.#serving -= 1;
    this.#time.watch();
  }

  #reply(situation: Situation, values?: ReplyValues): void {
    this.#wire.send(replies[situation].code, this.#text(situation, values));
    this.#time.touch();
  }

  #text(situation: Situation, values?: ReplyValues): string {
    return replyText(situation, this.#world.clock.now(), this.#id, values);
  }
}
