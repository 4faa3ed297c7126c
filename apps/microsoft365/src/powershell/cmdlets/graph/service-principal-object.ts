import type { Application } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { graphAbsence } from '../../errors.ts';
import { derivedGuid } from '../../ids.ts';
import { PowerShellObject } from '../../values/value.ts';
import type { Context } from '../cmdlet.ts';
import { apis, type Api } from './apis.ts';

const type = { name: 'MicrosoftGraphServicePrincipal', table: ['DisplayName', 'Id', 'AppId', 'SignInAudience', 'ServicePrincipalType'].map((name) => ({ name })) };
const roleType = { name: 'MicrosoftGraphAppRole', table: ['Value', 'Id', 'AllowedMemberTypes', 'DisplayName'].map((name) => ({ name })) };
const scopeType = { name: 'MicrosoftGraphPermissionScope', table: ['Value', 'Id', 'Type', 'AdminConsentDisplayName'].map((name) => ({ name })) };

/** An enterprise application of the tenant: of one of its own applications, or of an API. */
export type EnterpriseApplication = { readonly id: string } & ({ readonly application: Application } | { readonly api: Api });

export function enterpriseApplications(context: Context): EnterpriseApplication[] {
  const own = context.tenant.current.applications.filter(({ enterpriseObjectId }) => enterpriseObjectId !== '');
  return [
    ...own.map((application) => ({ id: application.enterpriseObjectId, application })),
    ...apis.map((api) => ({ id: derivedGuid(context.random, `api ${api.appId}`), api })),
  ];
}

/** By its object id. */
export function enterpriseApplicationOf(cmdlet: string, context: Context, id: string): EnterpriseApplication {
  const found = enterpriseApplications(context).find((each) => sameText(each.id, id));
  if (found) return found;
  const other = context.tenant.current.applications.find(({ applicationObjectId, clientId }) => [applicationObjectId, clientId].some((each) => sameText(each, id)));
  throw graphAbsence(cmdlet, id, remedyFor(other));
}

function remedyFor(application: Application | undefined): string {
  if (!application) return '"Get-MgServicePrincipal -All" shows the enterprise applications.';
  if (application.enterpriseObjectId === '') return `It has no enterprise application yet: New-MgServicePrincipal -AppId ${application.clientId}`;
  return `That is an id of the app registration; the enterprise application's is ${application.enterpriseObjectId}.`;
}

export function enterpriseApplicationObject(each: EnterpriseApplication): PowerShellObject {
  const { appId, displayName, roles, scopes } = 'api' in each ? each.api : { appId: each.application.clientId, displayName: each.application.name, roles: [], scopes: [] };
  return new PowerShellObject(type, {
    DisplayName: displayName,
    Id: each.id,
    AppId: appId,
    SignInAudience: 'api' in each ? 'AzureADMultipleOrgs' : (each.application.signInAudience ?? 'AzureADMyOrg'),
    ServicePrincipalType: 'Application',
    AccountEnabled: true,
    AppRoles: roles.map(({ id, value, text }) => new PowerShellObject(roleType, { AllowedMemberTypes: ['Application'], DisplayName: text, Id: id, IsEnabled: true, Value: value })),
    Oauth2PermissionScopes: scopes.map(({ id, value, text }) => new PowerShellObject(scopeType, { AdminConsentDisplayName: text, Id: id, IsEnabled: true, Type: 'User', Value: value })),
  });
}
