import { formatDuration, formatInstant } from '@isesim/domain';

/** As the primary PAN tells it. */
export interface SmtpPageTold {
  readonly saved?: unknown;
  readonly draft?: unknown;
  readonly state: 'saved' | 'to be saved' | 'to be tested' | 'tested' | 'test failed';
  readonly message?: string | undefined;
}

const next: Readonly<Record<SmtpPageTold['state'], string>> = {
  saved: 'The page is saved.',
  'to be saved': 'Save it with: isesim smtp save',
  'to be tested': 'OAuth settings are saved only after a successful test: isesim smtp test',
  tested: 'Its test succeeded. Save it with: isesim smtp save',
  'test failed': 'Its test failed, so it cannot be saved',
};

/** The page, and what is to be done with it next. */
export function smtpPageText(page: SmtpPageTold): string {
  const { state, message } = page;
  if (state === 'saved' && flat(page.saved)['host'] === '') return `${fieldsText(page)}\n\nThe SMTP server is not configured. Enter it, as in: isesim smtp set --host smtp.office365.com`;
  return `${fieldsText(page)}\n\n${next[state]}${state === 'test failed' ? `: ${message ?? ''}` : ''}`;
}

/** A field a line: what is saved, and where the draft differs. */
function fieldsText({ saved, draft }: SmtpPageTold): string {
  const [before, after] = [flat(saved), flat(draft)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => {
      const change = after[name] === before[name] ? '' : `  → ${after[name] ?? '(none)'}`;
      return `${name.padEnd(width)}  ${before[name] ?? '(none)'}${change}`;
    })
    .join('\n');
}

/** What the page holds in milliseconds, as a topology has it. */
const written: Readonly<Record<string, readonly [name: string, text: (ms: number) => string]>> = {
  connectionTimeoutMs: ['connectionTimeout', formatDuration],
  'authentication.expiryDate': ['authentication.expiryDate', formatInstant],
};

function flat(value: unknown, path = ''): Record<string, string> {
  const [name, text] = written[path] ?? [];
  if (name !== undefined && text !== undefined && typeof value === 'number') return { [name]: text(value) };
  if (value === null || typeof value !== 'object') return { [path]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))) as Record<string, string>;
}
