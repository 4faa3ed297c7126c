import { Secret, type ClientSecret } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { editApplication } from '../../../tenant/edit.ts';
import { toDate } from '../../convert.ts';
import { graphError } from '../../errors.ts';
import { newGuid } from '../../ids.ts';
import { textOf, type Hashtable, type PowerShellObject } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { applicationOf, keyIdOf, passwordObject } from './application-object.ts';

// Where no end is given, as Microsoft Graph has it.
const lifetimeYears = 2;

// 40 characters with this in the fourth place: so Entra ID makes them (Microsoft's own examples).
const mark = '8Q~';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const addMgApplicationPassword: Cmdlet = {
  name: 'Add-MgApplicationPassword',
  from: 'Microsoft Graph',
  help: 'Makes a client secret. Its value, SecretText, is shown this once; KeyId is its id, which is no password. -ApplicationId is the object ID.',
  example: 'Add-MgApplicationPassword -ApplicationId $app.Id -PasswordCredential @{ displayName = "ISE"; endDateTime = "2026-08-01" } | fl',
  parameters: { ApplicationId: { takes: 'text', mandatory: true, fromPipeline: 'Id' }, PasswordCredential: { takes: 'value' }, BodyParameter: { takes: 'value' } },
  run: (bound, context) => {
    const application = applicationOf(addCall, context, bound.text('ApplicationId'));
    const [credential = bound.tables('BodyParameter')[0]?.get('passwordCredential')] = bound.tables('PasswordCredential');
    const value = secretValue(context, application.clientId);
    const secret = secretOf(context, credential instanceof Object && 'get' in credential ? credential : undefined, value);
    context.tenant.change((tenant) => editApplication(tenant, application, (each) => ({ ...each, secrets: [...each.secrets, secret] })));
    return [passwordObject(context, application, secret, value)];
  },
};

const addCall = 'Add-MgApplicationPassword_AddExpanded';

function secretOf(context: Context, credential: Hashtable | PowerShellObject | undefined, value: string): ClientSecret {
  const starts = dateOf(credential, 'startDateTime') ?? context.now;
  const expires = dateOf(credential, 'endDateTime') ?? new Date(starts).setUTCFullYear(new Date(starts).getUTCFullYear() + lifetimeYears);
  if (expires <= starts) throw graphError(addCall, 'The end date of the credential must be after its start date.', 'bad-request', 'Give a later endDateTime.');
  const displayName = textOf(credential?.get('displayName') ?? null);
  return { value: new Secret(value), expires, keyId: newGuid(context, 'key'), starts, ...(displayName === '' ? {} : { displayName }) };
}

function dateOf(credential: Hashtable | PowerShellObject | undefined, name: string): number | undefined {
  const written = credential?.get(name) ?? null;
  if (written === null) return undefined;
  const date = toDate(written);
  if (!date) throw graphError(addCall, `Cannot convert the value of ${name} to a date.`, 'bad-request', `Write it as 2026-08-01 or 2026-08-01T00:00:00Z: ${name} was "${textOf(written)}".`);
  return date.instant;
}

function secretValue({ random, tenant }: Context, clientId: string): string {
  const cause = `secret ${clientId} ${tenant.kept.changes}`;
  return `${random.text(`${cause} begin`, 3, letters)}${mark}${random.text(cause, 34, `${letters}._~-`)}`;
}

export const removeMgApplicationPassword: Cmdlet = {
  name: 'Remove-MgApplicationPassword',
  from: 'Microsoft Graph',
  help: 'Removes a client secret: Entra ID takes it no more. Tokens that it got go on until they end.',
  example: 'Remove-MgApplicationPassword -ApplicationId $app.Id -KeyId $secret.KeyId',
  parameters: { ApplicationId: { takes: 'text', mandatory: true }, KeyId: { takes: 'text', mandatory: true } },
  run: (bound, context) => {
    const application = applicationOf('Remove-MgApplicationPassword_RemoveExpanded', context, bound.text('ApplicationId'));
    const keyId = bound.text('KeyId');
    const secret = application.secrets.find((each) => sameText(keyIdOf(context, application, each), keyId));
    if (!secret) throw graphError('Remove-MgApplicationPassword_RemoveExpanded', 'No password credential found with keyId.', 'not-found', '"(Get-MgApplication).PasswordCredentials" shows the KeyId of each.');
    // Ids that follow from the place in the list must not move to another secret.
    const named = application.secrets.map((each) => ({ ...each, keyId: keyIdOf(context, application, each) }));
    return change(context, (tenant) => editApplication(tenant, application, (each) => ({ ...each, secrets: named.filter((one) => one.keyId !== keyIdOf(context, application, secret)) })));
  },
};
