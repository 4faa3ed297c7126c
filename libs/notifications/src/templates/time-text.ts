import { dayMs, hourMs, minuteMs, type Instant } from '@isesim/domain';

// ISE shows times in the time zone of the guest's location; until locations exist here, that is UTC.

/** `2026-05-03 10:25:00`, as in Valid From and Valid To. */
export function dateTime(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

/** `05/03/2026 10:25`, as in "If unused, this account will expire on". */
export function monthFirstDateTime(instant: Instant): string {
  const [date = '', time = ''] = dateTime(instant).split(' ');
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time.slice(0, 5)}`;
}

/** `90 days`, `2 days 3 hours`: the two largest units, rounded down so that it never promises more time than there is. */
export function durationInWords(ms: number): string {
  const parts = [
    counted(Math.floor(ms / dayMs), 'day'),
    counted(Math.floor((ms % dayMs) / hourMs), 'hour'),
    counted(Math.floor((ms % hourMs) / minuteMs), 'minute'),
  ];
  return parts.filter((part) => part !== '').slice(0, 2).join(' ') || 'less than a minute';
}

/** `5 days`, `1 day`. */
export function daysInWords(days: number): string {
  return counted(days, 'day') || 'less than a day';
}

function counted(count: number, unit: string): string {
  if (count < 1) return '';
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
