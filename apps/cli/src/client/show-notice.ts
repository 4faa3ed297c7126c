import { note } from '../output/terminal.ts';

/** For verbs that take a while: what they wait for goes beside the data. */
export function showNotice(item: Record<string, unknown>): void {
  if (typeof item['notice'] === 'string') note(item['notice']);
}
