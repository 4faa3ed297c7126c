import { Problem, pageSchemas, type Page } from '@isesim/domain';
import type { IseNode, Takes } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';
import { withLogLevel } from './log-levels-page.ts';

/** Guest Email Settings, Alarm Notification and Debug Log Configuration: each change is saved as a revision that replicates. */
export function answerSetPage(node: IseNode): void {
  node.answer('set-page', async (change) => {
    assertPrimary(node);
    const value = changedPage(node, change);
    await node.settings.write({ [change.page]: value });
    return { value, revision: node.settings.held().revision };
  });
}

function changedPage(node: IseNode, asked: Takes<'set-page'>): unknown {
  if (asked.page === 'log-levels') return withLogLevel(node, asked.change);
  return checked(asked.page, { ...node.page(asked.page), ...asked.change });
}

/** Throws with every field that is not as it should be; nothing is changed then. */
function checked(page: 'guest-email' | 'alarm-notification', value: object): Page<typeof page> {
  const parsed = pageSchemas[page].safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => mistakeText(issue, value));
  throw new Problem('wrong input', page, mistakes.join('; '), 'Write mail addresses as in no-reply@contoso.example.');
}

function mistakeText({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }, value: unknown): string {
  const found = path.reduce((at: unknown, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
  return `${path.map(String).join('.')}: ${JSON.stringify(found)} ${message}`;
}
