import type { Application, ClientSecret } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { graphAbsence } from '../../errors.ts';
import { derivedGuid } from '../../ids.ts';
import { PowerShellDate, PowerShellObject, type Value } from '../../values/value.ts';
import type { Context } from '../cmdlet.ts';
import { permissionNamed } from './apis.ts';

const type = { name: 'MicrosoftGraphApplication', table: ['DisplayName', 'Id', 'AppId', 'SignInAudience', 'PublisherDomain'].map((name) => ({ name })) };
const passwordType = { name: 'MicrosoftGraphPasswordCredential' };
const accessType = { name: 'MicrosoftGraphRequiredResourceAccess', table: ['ResourceAppId', 'ResourceAccess'].map((name) => ({ name })) };
const permissionType = { name: 'MicrosoftGraphResourceAccess', table: ['Id', 'Type'].map((name) => ({ name })) };

export function applicationObject(context: Context, application: Application): PowerShellObject {
  const { tenant } = context;
  return new PowerShellObject(type, {
    DisplayName: application.name,
    Id: application.applicationObjectId,
    AppId: application.clientId,
    SignInAudience: application.signInAudience ?? 'AzureADMyOrg',
    PublisherDomain: tenant.current.domain,
    PasswordCredentials: application.secrets.map((secret) => passwordObject(context, application, secret)),
    RequiredResourceAccess: requiredAccess(application),
    CreatedDateTime: new PowerShellDate(application.createdAt ?? tenant.kept.begun),
  });
}

/** A client secret without its value, of which only the hint is ever shown again. `value` is for the one time when it is new. */
export function passwordObject(context: Context, application: Application, secret: ClientSecret, value: string | null = null): PowerShellObject {
  return new PowerShellObject(passwordType, {
    CustomKeyIdentifier: null,
    DisplayName: secret.displayName ?? null,
    EndDateTime: new PowerShellDate(secret.expires),
    Hint: secret.value.hint,
    KeyId: keyIdOf(context, application, secret),
    SecretText: value,
    StartDateTime: new PowerShellDate(secret.starts ?? application.createdAt ?? context.tenant.kept.begun),
  });
}

/** A topology gives secrets no ids unless it wants to. */
export function keyIdOf({ random }: Context, { clientId, secrets }: Application, secret: ClientSecret): string {
  return secret.keyId ?? derivedGuid(random, `key ${clientId} ${secrets.indexOf(secret)}`);
}

function requiredAccess({ permissions, delegatedPermissions = [] }: Application): Value {
  const asked = [
    ...permissions.map((name) => ({ name, type: 'Role', ...permissionNamed(name, 'roles') })),
    ...delegatedPermissions.map((name) => ({ name, type: 'Scope', ...permissionNamed(name, 'scopes') })),
  ];
  const resources = [...new Set(asked.map(({ api }) => api?.appId ?? null))];
  return resources.map((appId) => {
    const ofIt = asked.filter(({ api }) => (api?.appId ?? null) === appId);
    const access = ofIt.map(({ name, type: kind, permission }) => new PowerShellObject(permissionType, { Id: permission?.id ?? name, Type: kind }));
    return new PowerShellObject(accessType, { ResourceAppId: appId, ResourceAccess: access });
  });
}

/** By the object id of the app registration, as the application cmdlets take it. */
export function applicationOf(cmdlet: string, { tenant }: Context, objectId: string): Application {
  const { applications } = tenant.current;
  const found = applications.find(({ applicationObjectId }) => sameText(applicationObjectId, objectId));
  if (found) return found;
  const other = applications.find(({ clientId, enterpriseObjectId }) => [clientId, enterpriseObjectId].some((each) => sameText(each, objectId)));
  const remedy = other ? `-ApplicationId takes the object ID of the app registration: ${other.applicationObjectId}.` : '"Get-MgApplication" shows the app registrations.';
  throw graphAbsence(cmdlet, objectId, remedy);
}
