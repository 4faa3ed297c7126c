import { Secret } from './secret.ts';

/** True when two settings have the same values, their secrets included. */
export function sameSettings(one: unknown, other: unknown): boolean {
  if (one instanceof Secret || other instanceof Secret) return one instanceof Secret && other instanceof Secret && one.equals(other);
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => sameSettings(one[name], other[name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
