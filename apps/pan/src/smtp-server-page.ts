import { Problem, smtpServerSchema, unseal, type SmtpServerSettings } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/** Administration > System > Settings > SMTP Server: a draft that is edited, and saved as a revision that replicates. */
export function answerSmtpServerPage(node: IseNode): void {
  let draft: SmtpServerSettings | undefined;

  // JSON shows each secret as ***; nobody who looks at the page needs more.
  const page = () => ({ saved: masked(node.page('smtp-server')), draft: masked(draft ?? node.page('smtp-server')), revision: node.settings.held().revision });

  node.answer('smtp-show', () => Promise.resolve(page()));
  node.answer('smtp-set', ({ authentication, ...fields }) => {
    assertPrimary(node);
    draft = changed(draft ?? node.page('smtp-server'), { ...fields, ...(authentication === undefined ? {} : { authentication: unseal(authentication, node.sealingKey) }) });
    return Promise.resolve(page());
  });
  node.answer('smtp-save', async () => {
    assertPrimary(node);
    if (draft !== undefined) await node.settings.write('smtp-server', draft);
    draft = undefined;
    return page();
  });
}

/** The settings with these fields changed. Throws with every field that is not as it should be; nothing is changed then. */
export function changed(settings: SmtpServerSettings, fields: object): SmtpServerSettings {
  const authentication = 'authentication' in fields && typeof fields.authentication === 'object' ? { ...sameKind(settings, fields.authentication), ...fields.authentication } : settings.authentication;
  const parsed = smtpServerSchema.safeParse({ ...settings, ...fields, authentication });
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Problem('wrong input', 'smtp-server', mistakes.join('; '), 'See "isesim smtp set --help" for the fields.');
}

/** What is not typed again stays, as long as the kind of authentication does. */
function sameKind({ authentication }: SmtpServerSettings, fields: object | null): object {
  const type = fields !== null && 'type' in fields ? fields.type : authentication.type;
  return type === authentication.type ? authentication : {};
}

function assertPrimary(node: IseNode): void {
  if (node.holds('primary PAN')) return;
  throw new Problem('refused', 'not-primary', `${node.self.name} is not the primary PAN (${node.holders()['primary PAN'] ?? 'none'} is)`, 'Change settings on the primary PAN.');
}

function masked(settings: SmtpServerSettings): unknown {
  return JSON.parse(JSON.stringify(settings));
}
