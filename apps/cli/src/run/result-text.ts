import { dayMs, hourMs, minuteMs, secondMs } from '@isesim/domain';
import type { ScenarioResult } from '@isesim/scenario';
import { paint, printable } from '../output/terminal.ts';

type Stream = NodeJS.WriteStream;

/** One scenario as it ended: a line, and below it why it did not pass. */
export function resultText(stream: Stream, result: ScenarioResult): string {
  const { file, name, outcome, steps, audit, wallMs, simulatedMs, message } = result;
  const mark = outcome === 'passed' ? paint(stream, 'green', '✓') : paint(stream, 'red', '✗');
  const head = `${mark} ${printable(name)}  ${paint(stream, 'dim', `${file}  ${steps.length} steps, ${durationText(simulatedMs)} in ${seconds(wallMs)}`)}`;
  const failed = steps.filter((step) => step.outcome === 'failed' || step.outcome === 'error').map(({ step, line, message: why }) => `${file}:${line}: ${step}\n${indented(why)}`);
  const found = (audit?.findings ?? []).map(({ mail, message: why }) => `audit: mail ${mail}: ${why}`);
  const all = [...(message === undefined ? [] : [message]), ...failed, ...found];
  return [head, ...all.map((text) => indented(printable(text)))].join('\n');
}

const slowestMax = 3;

/** What all of it came to, and which took longest. */
export function summaryText(stream: Stream, results: readonly ScenarioResult[], wallMs: number): string {
  const count = (outcome: ScenarioResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const parts = [
    `${count('passed')} passed`,
    ...(count('failed') > 0 ? [paint(stream, 'red', `${count('failed')} failed`)] : []),
    ...(count('error') > 0 ? [paint(stream, 'red', `${count('error')} could not run`)] : []),
  ];
  const slowest = results.toSorted((one, other) => other.wallMs - one.wallMs).slice(0, slowestMax);
  const slow = results.length > slowestMax ? `\nslowest: ${slowest.map(({ file, wallMs: ms }) => `${file} ${seconds(ms)}`).join(', ')}` : '';
  return `${parts.join(', ')} in ${seconds(wallMs)}; seeds ${[...new Set(results.map(({ seed }) => seed))].join(', ')}${slow}`;
}

const units = { d: dayMs, h: hourMs, m: minuteMs, s: secondMs } as const;

/** `2d 10s`; less than a second of simulated time only where nothing longer has passed. */
export function durationText(ms: number): string {
  if (ms < secondMs) return `${ms / secondMs}s`;
  const parts = Object.entries(units).map(([unit, unitMs], index, all) => [Math.floor((ms % (all[index - 1]?.[1] ?? Infinity)) / unitMs), unit] as const);
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`).join(' ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function indented(text: string): string {
  return text.split('\n').map((line) => `    ${line}`).join('\n');
}
