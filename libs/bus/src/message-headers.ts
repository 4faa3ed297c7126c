import { headers, type Msg, type MsgHdrs } from 'nats';

export const timeHeader = 'Isesim-Time';
export const fromHeader = 'Isesim-From';
export const toHeader = 'Isesim-To';
/** Numbers the requests of one incarnation, so that one that is asked again is known again. */
export const askHeader = 'Isesim-Ask';
/** All requests of the incarnation below this number are settled: nobody asks them again. */
export const settledHeader = 'Isesim-Settled';

export function headersWith(values: Readonly<Record<string, string | number>>): MsgHdrs {
  const all = headers();
  for (const [name, value] of Object.entries(values)) all.set(name, String(value));
  return all;
}

/** Undefined when there are none that can be read: a writer can put any bytes there, and the client throws at some. */
export function headersOf(message: Msg): MsgHdrs | undefined {
  try {
    return message.headers;
  } catch {
    return undefined;
  }
}

/** The simulated instant that a message names; 0 when it names none. */
export function timeOf(all: MsgHdrs | undefined): number {
  const time = Number(all?.get(timeHeader) ?? '');
  return Number.isFinite(time) ? time : 0;
}
