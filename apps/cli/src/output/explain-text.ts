import type { KnownFailure } from '@isesim/domain';

const certain = { documented: "Cisco's words", inferred: 'inferred: Cisco does not name this case', ours: 'ours: nobody recorded what ISE shows' } as const;

/** What is known of each failure that a text may mean, as a person reads it. */
export function explainText(failures: readonly KnownFailure[]): string {
  const head = failures.length > 1 ? [`This can be one of ${failures.length}:`, ''] : [];
  return [...head, ...failures.map(failureText)].join('\n').trimEnd();
}

function failureText({ id, gui, certainty, log, codes, replies, causes, remedy, scenarios, causedBy }: KnownFailure): string {
  const rows: (readonly [string, string])[] = [
    ['ISE shows', gui === null ? 'not known' : `${gui}   (${certain[certainty]})`],
    ...(log ? [['guest.log', log.message.replaceAll('\n', ' ')] as const] : []),
    ...(codes.length + replies.length > 0 ? [['on the wire', [...codes.map(codeText), ...replies].join(', ')] as const] : []),
    ...causes.map((cause, index) => [index === 0 ? 'causes' : '', cause] as const),
    ['remedy', remedy],
    ...(scenarios.length > 0 ? scenarioFiles(scenarios).map((file, index) => [index === 0 ? 'try it' : '', `isesim run ${file}`] as const) : [['try it', `no scenario: only ${causedBy ?? ''} causes it`] as const]),
  ];
  return [id, ...rows.map(([label, text]) => `  ${label.padEnd(11)}  ${text}`), ''].join('\n');
}

/** Where the scenarios of a failure lie, from the root of the repository. */
export function scenarioFiles(names: readonly string[]): string[] {
  return names.map((name) => `test/scenarios/troubleshooting/${name}.yaml`);
}

function codeText(code: string): string {
  return /^\d+$/.test(code) ? `AADSTS${code}` : code;
}
