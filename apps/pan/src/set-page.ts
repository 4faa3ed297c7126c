import { pageSchemas, type Page } from '@isesim/domain';
import type { IseNode, Takes } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';
import { withLogLevel } from './log-levels-page.ts';
import { pageProblem, type PageMistakes } from './page-problem.ts';

/** Guest Email Settings, Alarm Notification, the password policy and Debug Log Configuration: each change is saved as a revision that replicates. */
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
  const { from, ...value } = { ...node.page(asked.page), ...asked.change };
  // Of reminders alone the sender can be left to guest mail.
  return checked(asked.page, asked.page === 'password-policy' && (from ?? '') === '' ? value : { ...value, from });
}

type CheckedPage = Exclude<Takes<'set-page'>['page'], 'log-levels'>;

/** Throws with every field that is not as it should be; nothing is changed then. */
function checked(page: CheckedPage, value: object): Page<CheckedPage> {
  const parsed = pageSchemas[page].safeParse(value);
  if (parsed.success) return parsed.data;
  throw pageProblem({ page, ...pages[page], value, issues: parsed.error.issues });
}

const pages: Readonly<Record<CheckedPage, Pick<PageMistakes, 'verb' | 'fields'>>> = {
  'guest-email': { verb: 'guest-email set', fields: { from: { label: "Default 'From' Address", flag: '--from no-reply@contoso.example' } } },
  'alarm-notification': {
    verb: 'alarm-settings set',
    fields: {
      from: { label: 'From address', flag: '--from no-reply@contoso.example' },
      additionalRecipients: { label: 'additional recipient', flag: '--additional-recipients noc@contoso.example' },
    },
  },
  'password-policy': { verb: 'password-policy set', fields: { from: { label: 'From of reminders', flag: '--from no-reply@contoso.example' } } },
};
