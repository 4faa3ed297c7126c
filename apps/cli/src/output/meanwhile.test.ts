import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { meanwhile } from './meanwhile.ts';

const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
let written: string[];
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Object.defineProperty(process.stderr, 'isTTY', isTTY ?? { value: false, configurable: true });
});

/** What is written while something takes `ms`. */
async function writtenWhile(ms: number, onTerminal: boolean): Promise<string[]> {
  Object.defineProperty(process.stderr, 'isTTY', { value: onTerminal, configurable: true });
  const done = meanwhile('still at it', () => new Promise<string>((resolve) => { setTimeout(() => { resolve('answer'); }, ms); }));
  await vi.advanceTimersByTimeAsync(ms);
  expect(await done).toBe('answer');
  await vi.advanceTimersByTimeAsync(60_000);
  return written;
}

test('who waits at a terminal is told once what for', async () => {
  expect(await writtenWhile(60_000, true)).toEqual(['still at it\n']);
});

test('an answer that comes soon is shown alone', async () => {
  expect(await writtenWhile(1_000, true)).toEqual([]);
});

test('where no terminal is, nothing is written', async () => {
  expect(await writtenWhile(60_000, false)).toEqual([]);
});
