import type { DataOptions } from '../command.ts';

/** What a verb prints on stdout: with --json one object that names its schema, else text. */
export function showData(verb: string, data: object, { json }: DataOptions, text: () => string): void {
  process.stdout.write(`${json === true ? envelope(verb, data) : text()}\n`);
}

/** `{"schema":"isesim/mail-ls.v1", …}` */
export function envelope(verb: string, data: object): string {
  return JSON.stringify({ schema: `isesim/${verb}.v1`, ...data });
}
