import { nameOf, Problem, problemData, problemFrom, type Clock, type Crossings, type ProblemData, type Work } from '@isesim/domain';
import type { Msg, MsgHdrs, NatsConnection } from 'nats';
import * as z from 'zod';
import { askHeader, fromHeader, headersOf, headersWith, settledHeader, timeHeader, timeOf, toHeader } from './message-headers.ts';
import type { Subjects } from './streams.ts';

export interface RequestReplyOptions {
  readonly connection: NatsConnection;
  readonly subjects: Subjects;
  readonly name: string;
  readonly incarnation: string;
  /** How long to wait for an answer, in simulated time. */
  readonly patienceMs: number;
  readonly clock: Clock & Work & Crossings & { heard(time: number): void };
  /** Told when the server does not let this agent hear what it answers: nobody would ever be answered. */
  readonly onDefect?: (what: string, error: unknown) => void;
}

export const problemSchema = z.object({ kind: z.enum(['refused', 'wrong input', 'could not run']), code: z.string(), message: z.string(), remedy: z.string() });
const answerSchema = z.union([z.object({ problem: problemSchema }), z.object({ value: z.unknown() })]);
type Answer = z.infer<typeof answerSchema>;

// Ours have a few hundred.
const headersMostBytes = 4_096;

interface Asked {
  readonly peer: string;
  readonly verb: string;
  readonly subject: string;
  readonly say: () => void;
  readonly settle: (answer: Answer) => void;
}

/**
 * Requests over plain NATS, counted on both sides. Request or answer can be lost with the server; then it is asked again,
 * and the responder, who knows it by its number, gives the answer it gave before: each request is taken once.
 */
export class RequestReply {
  readonly #options: RequestReplyOptions;
  readonly #incarnations = new Map<string, string>();
  readonly #asked = new Map<number, Asked>();
  readonly #taken = new Map<string, Taken>();
  #asks = 0;
  /** The server does not let this agent hear answers. */
  #deaf = false;

  constructor(options: RequestReplyOptions) {
    this.#options = options;
    options.connection.subscribe(`${options.subjects.inbox(options.name)}.ask.*`, {
      callback: (error, message) => {
        if (error) this.#refuseAll();
        else this.#answered(message);
      },
    });
  }

  /** Incarnations of peers by name; a peer that is not named has never been restarted. */
  learn(incarnations: Readonly<Record<string, string>>): void {
    for (const [name, incarnation] of Object.entries(incarnations)) {
      this.#incarnations.set(name, incarnation);
      // Nobody is left to answer what its predecessor was asked.
      for (const [number, { peer }] of this.#asked) if (isOf(peer, name) && peer !== incarnation) this.#asked.delete(number);
    }
  }

  async ask(responder: string, verb: string, value: unknown, patienceMs = this.#options.patienceMs): Promise<unknown> {
    const { clock } = this.#options;
    using deadline = clock.deadline(clock.now() + patienceMs);
    const answered = new Promise<Answer>((resolve, reject) => {
      this.#ask(responder, verb, value, resolve);
      deadline.addEventListener('abort', () => {
        reject(new Problem('refused', 'no-answer', `${responder} did not answer "${verb}" within ${patienceMs / 1000} s`, `Look at "isesim status": is ${responder} running and connected?`));
      }, { once: true });
    });
    // Awaited here: the deadline holds until this function is left.
    const answer = await clock.reply(answered);
    if ('problem' in answer) throw problemFrom(answer.problem);
    return answer.value;
  }

  /** Calls `handle` for each request of `verb`. A `Problem` that it throws reaches the asker as such. */
  answer(verb: string, handle: (value: unknown, asker: string) => Promise<unknown>): void {
    const { connection, name, subjects } = this.#options;
    connection.subscribe(subjects.request(name, verb, '*'), {
      callback: (error, message) => {
        if (error) this.#options.onDefect?.(`hearing who asks ${name} to "${verb}"`, error);
        else this.#serve(verb, message, handle);
      },
    });
  }

  /** Asks again whatever has no answer yet. */
  repeat(): void {
    for (const { say } of this.#asked.values()) say();
  }

  /** The server does not let this agent publish on `subject`: whoever asked there gets no answer. */
  denied(subject: string): void {
    for (const [number, asked] of this.#asked) {
      if (asked.subject !== subject) continue;
      this.#asked.delete(number);
      asked.settle(notAllowed(asked.peer, asked.verb));
    }
  }

  #refuseAll(): void {
    this.#deaf = true;
    for (const { peer, verb, settle } of this.#asked.values()) settle(notAllowed(peer, verb));
    this.#asked.clear();
  }

  #ask(responder: string, verb: string, value: unknown, settle: (answer: Answer) => void): void {
    const { clock, connection, subjects, name } = this.#options;
    const peer = this.#incarnations.get(responder) ?? `${responder}#1`;
    if (this.#deaf) return settle(notAllowed(peer, verb));
    const subject = subjects.request(responder, verb, name);
    const number = ++this.#asks;
    const oldest = this.#asked.keys().next().value ?? number;
    const headers = this.#headers(peer, { [askHeader]: number, [settledHeader]: oldest });
    const payload = JSON.stringify(value);
    const problem = this.#tooLarge(payload, `what ${responder} is asked with "${verb}"`);
    if (problem) return settle({ problem });
    const say = () => { connection.publish(subject, payload, { reply: `${subjects.inbox(name)}.ask.${number}`, headers }); };
    this.#asked.set(number, { peer, verb, subject, say, settle });
    clock.asked(peer);
    say();
  }

  #answered(message: Msg): void {
    const { clock } = this.#options;
    const number = Number(message.subject.split('.').at(-1));
    const asked = this.#asked.get(number);
    if (!asked) return;
    this.#asked.delete(number);
    clock.heard(timeOf(headersOf(message)));
    const answer = readAnswer(message, asked);
    void clock.enters('reply', [number], () => { asked.settle(answer); });
    clock.answerTaken(asked.peer);
  }

  #serve(verb: string, message: Msg, handle: (value: unknown, asker: string) => Promise<unknown>): void {
    const { clock, incarnation } = this.#options;
    const all = headersOf(message);
    // Addressed to a predecessor that died: counted nowhere, so the asker's own deadline ends its wait.
    if (all?.get(toHeader) !== incarnation) return;
    // Who asks stands in the subject, pinned by the asker's account; the header only adds which incarnation it is.
    const asker = message.subject.split('.').at(-1) ?? '';
    const claimed = all.get(fromHeader);
    const peer = isOf(claimed, asker) ? claimed : asker;
    const taken = this.#takenOf(asker, peer);
    const number = all.get(askHeader);
    const before = taken.answers.get(number);
    if (before) {
      void before.then((answer) => { this.#respond(message, answer, peer); });
      return;
    }
    taken.forget(Number(all.get(settledHeader)));
    clock.heard(timeOf(all));
    const answering = new Promise<Answer>((resolve) => {
      void clock.enters('request', [asker, Number(number)], () => {
        void clock.start(`${verb} for ${asker}`, async () => {
          const answer = await attempt(() => handle(message.json(), asker));
          resolve(answer);
          clock.answered(peer);
          this.#respond(message, answer, peer);
        });
      });
    });
    if (number !== '') taken.answers.set(number, answering);
    clock.askTaken(peer);
  }

  #respond(message: Msg, answer: Answer, peer: string): void {
    if (this.#options.connection.isClosed()) return;
    const payload = JSON.stringify(answer);
    const problem = this.#tooLarge(payload, `what ${this.#options.name} has to answer`);
    message.respond(problem ? JSON.stringify({ problem } satisfies Answer) : payload, { headers: this.#headers(peer) });
  }

  /** The client would throw, and whoever waits for an answer would wait in vain. */
  #tooLarge(payload: string, what: string): ProblemData | undefined {
    const most = (this.#options.connection.info?.max_payload ?? Infinity) - headersMostBytes;
    const bytes = Buffer.byteLength(payload);
    if (bytes <= most) return undefined;
    return { kind: 'refused', code: 'too-large', message: `${what} has ${bytes} bytes, and the NATS server takes ${most} in one message`, remedy: 'Let the server take more in one message (max_payload), or have it hold less.' };
  }

  #takenOf(asker: string, peer: string): Taken {
    const known = this.#taken.get(asker);
    if (known?.peer === peer) return known;
    const taken = new Taken(peer);
    this.#taken.set(asker, taken);
    return taken;
  }

  #headers(to: string, more: Readonly<Record<string, number>> = {}): MsgHdrs {
    const { clock, incarnation } = this.#options;
    return headersWith({ [timeHeader]: clock.now(), [fromHeader]: incarnation, [toHeader]: to, ...more });
  }
}

/** What one incarnation has asked, as long as it may ask it again. */
class Taken {
  readonly peer: string;
  /** By number, in the order of asking. */
  readonly answers = new Map<string, Promise<Answer>>();

  constructor(peer: string) {
    this.peer = peer;
  }

  forget(settled: number): void {
    for (const number of this.answers.keys()) {
      if (!(Number(number) < settled)) return;
      this.answers.delete(number);
    }
  }
}

async function attempt(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await run() };
  } catch (error) {
    return { problem: problemData(error) };
  }
}

function notAllowed(peer: string, verb: string): Answer {
  return { problem: { kind: 'refused', code: 'not-allowed', message: `this node may not ask ${nameOf(peer)} to "${verb}"`, remedy: 'Its credentials give it the rights of its personas and no others.' } };
}

function readAnswer(message: Msg, { verb, peer }: Asked): Answer {
  try {
    return answerSchema.parse(message.json());
  } catch {
    return { problem: { kind: 'refused', code: 'no-answer', message: `${nameOf(peer)} answered "${verb}" with what is no answer`, remedy: `Look at its log: isesim logs ${nameOf(peer)}` } };
  }
}

function isOf(incarnation: string, name: string): boolean {
  return nameOf(incarnation) === name;
}
