const units: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** The bytes that `35MB`, `1.5 KB` or a bare number of bytes stand for; undefined when it is no size, or above `bytesMax`. */
export function parseByteSize(text: string, bytesMax: number): number | undefined {
  const [, amount, unit = 'B'] = /^(\d+(?:\.\d+)?) ?([KMG]?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(amount) * (units[unit.toUpperCase()] ?? NaN));
  return bytes >= 0 && bytes <= bytesMax ? bytes : undefined;
}

/** As Exchange shows a size: `35 MB (36,700,160 bytes)`. */
export function formatByteSize(bytes: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => bytes >= each) ?? ['B', 1];
  return `${Number((bytes / size).toPrecision(4))} ${unit} (${bytes.toLocaleString('en-US')} bytes)`;
}
