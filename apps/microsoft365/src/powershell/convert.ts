import { parseInstant } from '@isesim/domain';
import type { Parameter } from './cmdlets/cmdlet.ts';
import { PowerShellDate, textOf, type Value } from './values/value.ts';

/** `value` as a parameter takes it; undefined when it cannot be that. */
export function convert(value: Value, takes: Parameter['takes']): Value | undefined {
  switch (takes) {
    case 'text':
    case 'texts':
    case 'value':
      return value;
    case 'flag':
    case 'switch':
      return toFlag(value);
    case 'date':
      return toDate(value);
    case 'number':
      return Number.isFinite(Number(textOf(value))) ? Number(textOf(value)) : undefined;
  }
}

/** No text: PowerShell takes "false" for none of its Booleans. */
function toFlag(value: Value): Value | undefined {
  if (value === null || typeof value === 'boolean') return value;
  return typeof value === 'number' ? value !== 0 : undefined;
}

/** ISO 8601, without a zone in UTC, or month, day and year as PowerShell shows them. */
export function toDate(value: Value): PowerShellDate | undefined {
  if (value instanceof PowerShellDate) return value;
  const text = textOf(value).trim();
  const [, month = '', day = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const written = year === '' ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const instant = parseInstant(written) ?? parseInstant(`${written.replace(' ', 'T')}Z`);
  return instant === undefined ? undefined : new PowerShellDate(instant);
}
