import type { ScenarioResult } from '@isesim/scenario';

/** The results in the form of JUnit's XML report, which CI systems read: a test case for each scenario. */
export function junitText(results: readonly ScenarioResult[]): string {
  const count = (outcome: ScenarioResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const totals = `tests="${results.length}" failures="${count('failed')}" errors="${count('error')}" time="${secondsOf(results)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="isesim" ${totals}>`,
    `  <testsuite name="isesim" ${totals}>`,
    ...results.map(caseText),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseText(result: ScenarioResult): string {
  const { file, name, seed, outcome, wallMs } = result;
  const open = `    <testcase classname="${escaped(file)}" name="${escaped(name)}" time="${(wallMs / 1000).toFixed(3)}"`;
  if (outcome === 'passed') return `${open}/>`;
  const kind = outcome === 'failed' ? 'failure' : 'error';
  return `${open}>\n      <${kind} message="${escaped(firstLine(result))}">${escaped(`seed ${seed}\n${why(result)}`)}</${kind}>\n    </testcase>`;
}

function why({ file, steps, audit, message = '' }: ScenarioResult): string {
  const failed = steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'error').map((step) => `${file}:${step.line}: ${step.step}\n${step.message}`);
  return [message, ...failed, ...(audit?.findings ?? []).map((finding) => `audit: mail ${finding.mail}: ${finding.message}`)].filter((text) => text !== '').join('\n');
}

function firstLine(result: ScenarioResult): string {
  return why(result).split('\n')[0] ?? '';
}

function secondsOf(results: readonly ScenarioResult[]): string {
  return (results.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };

/** XML 1.0 knows no other control characters, however they are written, and no half of a pair. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd').replace(/[&<>"\n]/g, (character) => entities[character] ?? character);
}
