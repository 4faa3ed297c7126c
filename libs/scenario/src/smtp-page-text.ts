/** The SMTP Server page, a field a line: what is saved, and where the draft differs. */
export function smtpPageText({ saved, draft }: { readonly saved?: unknown; readonly draft?: unknown }): string {
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

function flat(value: unknown, path = ''): Record<string, string> {
  if (value === null || typeof value !== 'object') return { [path]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))) as Record<string, string>;
}
