/** Runs `run` for each of `all`, so many at a time, in their order. */
export async function atMost<T>(count: number, all: readonly T[], run: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: Math.min(count, all.length) }, lane));
}
