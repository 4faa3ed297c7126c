import { nodeBootSchema, Problem, problemData, problemFrom, type ProblemData } from '@isesim/domain';
import { connect, ErrorCode, NatsError, nuid, type NatsConnection } from 'nats';
import * as z from 'zod';
import { isPermissionViolation } from './permission-violation.ts';
import { connectOptions, type ServerAccess } from './connect-options.ts';
import { isRefusal, unreachable } from './look-at-server.ts';
import { problemSchema } from './request-reply.ts';
import { subjectsOf } from './streams.ts';

/** What a node that runs elsewhere says to the deployment, apart from the clock. */
const joinMessageSchema = z.discriminatedUnion('kind', [
  /** It wants to be started. */
  z.object({ kind: z.literal('join') }),
  z.object({ kind: z.literal('joined'), incarnation: z.number() }),
  /** Every now and then, as long as it lives. */
  z.object({ kind: z.literal('alive'), incarnation: z.number() }),
  /** It leaves, in order. */
  z.object({ kind: z.literal('left'), incarnation: z.number() }),
]);
export type JoinMessage = z.infer<typeof joinMessageSchema>;
/** `number`: the same for a message that is said again. */
const saidSchema = z.object({ number: z.string(), message: joinMessageSchema });

/** What a node must be told to start, besides its credentials. */
export const remoteStartSchema = nodeBootSchema.omit({ deployment: true, nats: true, sealingKey: true, folder: true });
export type RemoteStart = z.infer<typeof remoteStartSchema>;

const joinAnswerSchema = z.union([z.object({ problem: problemSchema }), z.object({ start: remoteStartSchema.optional(), ends: z.boolean().optional() })]);
/** `ends`: it is to leave. */
export type JoinAnswer = Exclude<z.infer<typeof joinAnswerSchema>, { problem: unknown }>;

// Until the deployment has found out that a predecessor no longer lives.
const answerWithinMs = 15_000;
// A deployment that is just being booted hears nothing yet, and nobody says so across accounts.
const sayAgainMs = 500;

/**
 * Answers nodes that run elsewhere, on the store's connection. Who asks stands in the subject, pinned by its account. What a node
 * says again is answered with what it was answered before.
 */
export function answerJoins(connection: NatsConnection, deployment: string, answer: (node: string, message: JoinMessage) => Promise<JoinAnswer>): void {
  const last = new Map<string, { readonly number: string; readonly answering: Promise<JoinAnswer> }>();
  const answerOnce = (node: string, said: unknown) => {
    const { number, message } = saidSchema.parse(said);
    const before = last.get(node);
    if (before?.number === number) return before.answering;
    const answering = answer(node, message);
    last.set(node, { number, answering });
    return answering;
  };
  connection.subscribe(subjectsOf(deployment).join('*'), {
    callback: (_error, message) => {
      const node = message.subject.split('.').at(-1) ?? '';
      const say = (value: JoinAnswer | { problem: ProblemData }) => { if (!connection.isClosed()) message.respond(JSON.stringify(value)); };
      const answering = Promise.resolve().then(() => answerOnce(node, message.json()));
      void answering.then(say, (error: unknown) => { say({ problem: problemData(error) }); });
    },
  });
}

/** A node's connection to its deployment for all that comes before and beside its life as a node. */
export class JoinLink {
  readonly #connection: NatsConnection;
  readonly #deployment: string;
  readonly #node: string;

  static async open(access: ServerAccess, deployment: string, node: string): Promise<JoinLink> {
    const inboxPrefix = subjectsOf(deployment).inbox(node);
    const connecting = connect({ ...connectOptions(access), inboxPrefix, maxReconnectAttempts: -1, reconnectTimeWait: 100, ignoreClusterUpdates: true });
    return new JoinLink(await connecting.catch((error: unknown) => { throw isRefusal(error) ? refused(access.url, node) : unreachable(access.url, error); }), deployment, node);
  }

  private constructor(connection: NatsConnection, deployment: string, node: string) {
    this.#connection = connection;
    this.#deployment = deployment;
    this.#node = node;
  }

  /** Undefined when nobody answers: the deployment is not up, or the server is away for the moment. Throws its `Problem`. */
  async say(message: JoinMessage, timeoutMs = answerWithinMs): Promise<JoinAnswer | undefined> {
    try {
      const data = await this.#answerTo(JSON.stringify({ number: nuid.next(), message }), Date.now() + timeoutMs);
      const answer = joinAnswerSchema.parse(JSON.parse(new TextDecoder().decode(data)));
      if ('problem' in answer) throw problemFrom(answer.problem);
      return answer;
    } catch (error) {
      if (error instanceof NatsError && silences.includes(error.code)) return undefined;
      throw isPermissionViolation(error) ? refused('the NATS server', this.#node) : error;
    }
  }

  /** By the wall clock: the node has no simulated time yet, and is to give up in time that a person lives through. */
  async #answerTo(said: string, until: number): Promise<Uint8Array> {
    for (;;) {
      const leftMs = until - Date.now();
      try {
        return (await this.#connection.request(subjectsOf(this.#deployment).join(this.#node), said, { timeout: Math.max(1, Math.min(sayAgainMs, leftMs)) })).data;
      } catch (error) {
        if (leftMs <= sayAgainMs || !(error instanceof NatsError) || error.code !== String(ErrorCode.Timeout)) throw error;
      }
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function refused(server: string, node: string): Problem {
  return new Problem('could not run', 'nats-credentials', `${server} refuses the credentials of ${node}`, 'Take the credentials file that "isesim up --remote" wrote last.');
}

const silences = [ErrorCode.NoResponders, ErrorCode.Timeout, ErrorCode.Disconnect, ErrorCode.ConnectionClosed].map(String);
