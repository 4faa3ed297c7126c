/**
 * The signal of the vitest test that runs now: aborted at the test's time limit, and when the run is cancelled. Undefined
 * outside of a test, and in tests that run at the same time, which hand in the signal of their own context.
 */
export async function signalOfTest(): Promise<AbortSignal | undefined> {
  const test = (await runner())?.getCurrentTest();
  // Of tests that run at the same time vitest knows the last one alone.
  return test?.concurrent === true ? undefined : test?.context.signal;
}

async function runner() {
  if (process.env['VITEST'] === undefined) return undefined;
  try {
    const { TestRunner } = await import('vitest');
    return TestRunner;
  } catch {
    // A program that a test has started: it inherits the environment, and is no test itself.
    return undefined;
  }
}
