import { oauthScope, oauthTokenEndpoint, oauthVersionsNeeded, Problem, smtpServerSchema, unseal, type ConnectionTest, type SmtpServerSettings } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { assertPrimary, visitOf } from './admin-interface.ts';
import { pageProblem } from './page-problem.ts';
import { smtpServerFields } from './smtp-server-fields.ts';
import { freshSmtpServer, SmtpServerForm } from './smtp-server-form.ts';
import { smtpServerLog } from './smtp-server-log.ts';

/** Administration > System > Settings > SMTP Server: filled in, tested, and saved as a revision that replicates. */
export function answerSmtpServerPage(node: IseNode): Pick<SmtpServerForm, 'forget'> {
  const form = new SmtpServerForm();
  const saved = () => node.settings.held().pages['smtp-server'] ?? freshSmtpServer;
  const page = () => {
    const message = form.lastTest(saved())?.message;
    return { saved: view(saved()), draft: view(form.shown(saved())), revision: node.settings.held().revision, state: form.state(saved()), ...(message !== undefined && { message }) };
  };

  node.answer('smtp-show', () => Promise.resolve(page()));
  node.answer('smtp-set', ({ authentication, ...fields }) => {
    assertPrimary(node);
    const settings = changed(form.shown(saved()), { ...fields, ...(authentication === undefined ? {} : { authentication: unseal(authentication, node.sealingKey) }) });
    assertVersion(node, settings);
    form.type(settings);
    return Promise.resolve(page());
  });
  node.answer('smtp-test', async ({ trace = false }) => {
    assertPrimary(node);
    const settings = form.shown(saved());
    if (settings.host === '') throw new Problem('refused', 'smtp-not-configured', 'the SMTP server is not configured', 'Enter it first, as in: isesim smtp set --host smtp.office365.com');
    const result = await testConnection(node, settings, trace);
    form.tested(settings, result);
    return result;
  });
  node.answer('smtp-save', async () => {
    assertPrimary(node);
    const settings = form.shown(saved());
    const refusal = form.refusal(saved());
    if (refusal) throw refusal;
    if (form.state(saved()) !== 'saved') await save(node, settings);
    form.saved(settings);
    return page();
  });
  return form;
}

/** The settings with these fields changed. Throws with every field that is not as it should be; nothing is changed then. */
export function changed(settings: SmtpServerSettings, fields: object): SmtpServerSettings {
  const authentication = 'authentication' in fields && typeof fields.authentication === 'object' ? { ...sameKind(settings, fields.authentication), ...fields.authentication } : settings.authentication;
  const value = { ...settings, ...fields, authentication };
  const parsed = smtpServerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw pageProblem({ page: 'smtp-server', verb: 'smtp set', fields: smtpServerFields, value, issues: parsed.error.issues });
}

/** What is not typed again stays, as long as the kind of authentication does. */
function sameKind({ authentication }: SmtpServerSettings, fields: object | null): object {
  const type = fields !== null && 'type' in fields ? fields.type : authentication.type;
  return type === authentication.type ? authentication : {};
}

/** Too old a version has no OAuth on its page. */
function assertVersion(node: IseNode, { authentication }: SmtpServerSettings): void {
  if (authentication.type !== 'exchange-online-oauth') return;
  const { iseVersion } = node.page('deployment');
  const needed = oauthVersionsNeeded(iseVersion);
  if (needed) throw new Problem('refused', 'ise-version', `ISE ${iseVersion} has no OAuth for mail`, `Use ${needed.join(', ')} or later: "iseVersion" in the topology.`);
}

async function testConnection(node: IseNode, settings: SmtpServerSettings, trace: boolean): Promise<ConnectionTest> {
  const log = smtpServerLog(node.world.log, visitOf(node, 'testConnection'));
  log.testing();
  const result = await node.testConnection(settings, { by: 'ISE', trace, onTrace: log.traced });
  log.tested(result, settings);
  return result;
}

async function save(node: IseNode, settings: SmtpServerSettings): Promise<void> {
  const log = smtpServerLog(node.world.log, visitOf(node, 'editSubmit'));
  log.saving(settings);
  await node.settings.write({ 'smtp-server': settings });
  log.saved();
}

/** As the page shows it: secrets masked, for JSON shows each as ***; for OAuth with the two fields that fill themselves in. */
function view(settings: SmtpServerSettings): unknown {
  const { authentication } = settings;
  const filledIn = authentication.type === 'exchange-online-oauth' ? { tokenEndpoint: oauthTokenEndpoint(authentication.tenantId), scope: oauthScope } : {};
  return JSON.parse(JSON.stringify({ ...settings, authentication: { ...authentication, ...filledIn } }));
}
