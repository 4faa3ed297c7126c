import { Secret, type ConnectionTest, type SmtpServerSettings } from '@isesim/domain';
import { expect, it } from 'vitest';
import { freshSmtpServer, SmtpServerForm } from './smtp-server-form.ts';

const oauth = (secret = 's', changes: Partial<SmtpServerSettings> = {}): SmtpServerSettings => ({
  host: 'smtp.office365.com',
  port: 587,
  connectionTimeoutMs: 60_000,
  tls: true,
  authentication: { type: 'exchange-online-oauth', emailAddress: 'a@b.example', clientId: 'c', tenantId: 't', clientSecret: new Secret(secret) },
  ...changes,
});
const saved = oauth();
const result = (succeeded: boolean, message = 'Invalid client secret') => ({ succeeded, message }) as ConnectionTest;

/** A form on which `typed` stands. */
function formWith(typed: SmtpServerSettings): SmtpServerForm {
  const form = new SmtpServerForm();
  form.type(typed);
  return form;
}

it('shows what is saved until something is typed, and again once that is saved', () => {
  const form = new SmtpServerForm();
  const typed = oauth('t');
  expect([form.shown(saved), form.state(saved)]).toEqual([saved, 'saved']);
  form.type(typed);
  expect(form.shown(saved)).toBe(typed);
  form.saved(typed);
  expect(form.shown(saved)).toBe(saved);
});

it('keeps what was typed while other values were being saved', () => {
  const form = formWith(oauth('t'));
  const later = oauth('u');
  form.type(later);
  form.saved(oauth('t'));
  expect(form.shown(saved)).toBe(later);
});

it.each([
  ['another secret', oauth('t')],
  ['another timeout', oauth('s', { connectionTimeoutMs: 30_000 })],
  ['another expiry date', oauth('s', { authentication: { ...saved.authentication, expiryDate: 1 } as SmtpServerSettings['authentication'] })],
])('OAuth settings with %s must be tested first', (_, typed) => {
  const form = formWith(typed);
  expect([form.state(saved), form.refusal(saved)?.code]).toEqual(['to be tested', 'not-tested']);
  form.tested(typed, result(true));
  expect([form.state(saved), form.refusal(saved)]).toEqual(['tested', undefined]);
});

it('what was changed after its test must be tested again; changed back, it counts as tested', () => {
  const form = formWith(oauth('t'));
  form.tested(oauth('t'), result(true));
  form.type(oauth('u'));
  expect([form.state(saved), form.refusal(saved)?.message]).toEqual(['to be tested', 'the page has changed since its last Test Connection; nothing was saved']);
  form.type(oauth('t'));
  expect(form.refusal(saved)).toBeUndefined();
});

it('a failed test is told, and takes back what an earlier one of the same values gave', () => {
  const form = formWith(oauth('t'));
  form.tested(oauth('t'), result(true));
  form.tested(oauth('t'), result(false));
  expect([form.state(saved), form.refusal(saved)?.message]).toEqual(['test failed', 'Test Connection of these settings failed: Invalid client secret; nothing was saved']);
});

it('a failed test of other values says nothing of those on the page', () => {
  const form = formWith(oauth('t'));
  form.tested(oauth('u'), result(false));
  expect([form.state(saved), form.lastTest(saved)]).toEqual(['to be tested', undefined]);
});

it.each<SmtpServerSettings['authentication']>([{ type: 'none' }, { type: 'password', username: 'u', password: new Secret('p') }])('authentication of type $type needs no test', (authentication) => {
  const form = formWith(oauth('s', { authentication }));
  expect([form.state(saved), form.refusal(saved)]).toEqual(['to be saved', undefined]);
});

it('values that are those saved, typed again, need nothing', () => {
  expect([formWith(oauth()).state(saved), formWith(oauth()).refusal(saved)]).toEqual(['saved', undefined]);
});

it('a page without a server is not saved', () => {
  expect(new SmtpServerForm().refusal(freshSmtpServer)?.message).toBe('the page names no SMTP server');
});

it('a page that is forgotten shows what is saved, and knows of no test', () => {
  const form = new SmtpServerForm();
  const typed = { ...freshSmtpServer, host: 'mail.example' };
  form.type(typed);
  form.tested(typed, { succeeded: true } as ConnectionTest);
  form.forget();

  expect([form.shown(freshSmtpServer), form.lastTest(freshSmtpServer)]).toEqual([freshSmtpServer, undefined]);
});
