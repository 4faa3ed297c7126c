import type { KnownFailure, KnownNotice } from '@isesim/domain';

const certain = { documented: "Cisco's words", inferred: 'inferred: Cisco does not name this case', ours: 'ours: nobody recorded what ISE shows' } as const;

/** What is known of each failure that a text may mean, as a person reads it. */
export function explainText(failures: readonly KnownFailure[]): string {
  const head = failures.length > 1 ? [`This can be one of ${failures.length}:`, ''] : [];
  return [...head, ...failures.map(failureText)].join('\n').trimEnd();
}

function failureText(failure: KnownFailure): string {
  const { id, log, codes, replies, causes, remedy } = failure;
  const rows: (readonly [string, string])[] = [
    [noticeOf(failure) === 'alarm' ? 'alarm' : 'ISE shows', shownBy(failure)],
    ...(log ? [['guest.log', log.message.replaceAll('\n', ' ')] as const] : []),
    ...(codes.length + replies.length > 0 ? [['on the wire', [...codes.map(codeText), ...replies].join(', ')] as const] : []),
    ...inRows(isFailure(failure) ? 'causes' : 'means', causes),
    ['remedy', remedy],
    ...inRows('try it', tryIt(failure)),
  ];
  return [id, ...rows.map(([label, text]) => `  ${label.padEnd(11)}  ${text}`), ''].join('\n');
}

function shownBy({ gui, certainty, testSucceeds, causedBy }: KnownFailure): string {
  if (gui !== null) return `${gui}   (${certain[certainty]})`;
  if (testSucceeds) return 'nothing: Test Connection succeeds, and mail fails';
  return causedBy === undefined ? `what the far end said   (${certain.ours})` : `nothing: only ${causedBy} causes it`;
}

function tryIt(failure: KnownFailure): string[] {
  const files = scenarioFiles(failure).map((file) => `isesim run ${file}`);
  return files.length > 0 ? files : [`no scenario: ${noticeOf(failure) === 'elsewhere' ? 'nothing in isesim can cause it' : `only ${failure.causedBy ?? ''} causes it`}`];
}

/** Where its scenarios lie, from the root of the repository. */
export function scenarioFiles(failure: KnownFailure): string[] {
  const folder = noticeOf(failure) === undefined ? 'test/scenarios/troubleshooting' : 'test/scenarios';
  return failure.scenarios.map((name) => `${folder}/${name}.yaml`);
}

function noticeOf(failure: KnownFailure | KnownNotice): KnownNotice['notice'] | undefined {
  return 'notice' in failure ? failure.notice : undefined;
}

function isFailure(failure: KnownFailure | KnownNotice): boolean {
  return [undefined, 'elsewhere'].includes(noticeOf(failure));
}

function inRows(label: string, texts: readonly string[]): (readonly [string, string])[] {
  return texts.map((text, index) => [index === 0 ? label : '', text]);
}

function codeText(code: string): string {
  return /^\d+$/.test(code) ? `AADSTS${code}` : code;
}
