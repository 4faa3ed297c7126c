import type { Application } from '@isesim/domain';
import { sameText } from '../../../same-text.ts';
import { editApplication } from '../../../tenant/edit.ts';
import type { Bound } from '../../bound.ts';
import { graphError } from '../../errors.ts';
import { derivedGuid } from '../../ids.ts';
import { PowerShellObject, textOf } from '../../values/value.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { apis, permissionName, permissionNamed, type Api } from './apis.ts';
import { withGrantsApart } from './applications.ts';
import { enterpriseApplicationOf, enterpriseApplications } from './service-principal-object.ts';

const type = { name: 'MicrosoftGraphAppRoleAssignment', table: ['Id', 'AppRoleId', 'PrincipalDisplayName', 'PrincipalId', 'ResourceDisplayName'].map((name) => ({ name })) };

const call = 'New-MgServicePrincipalAppRoleAssignment_CreateExpanded';

export const newAppRoleAssignment: Cmdlet = {
  name: 'New-MgServicePrincipalAppRoleAssignment',
  aliases: ['New-MgServicePrincipalAppRoleAssignedTo'],
  from: 'Microsoft Graph',
  help: 'Grants an application permission: this is the admin consent. -PrincipalId is the enterprise application, -ResourceId that of the API.',
  example: 'New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $exchange.Id -AppRoleId $role.Id',
  parameters: {
    ServicePrincipalId: { takes: 'text', mandatory: true },
    PrincipalId: { takes: 'text' },
    ResourceId: { takes: 'text' },
    AppRoleId: { takes: 'text' },
    BodyParameter: { takes: 'value' },
  },
  run: (bound, context) => {
    const application = principalOf(bound, context);
    const api = resourceOf(bound, context);
    const roleId = fieldOf(bound, 'AppRoleId');
    const permission = permissionName(api, 'roles', roleId);
    if (permission === undefined) throw noSuchRole(api, roleId);
    const granted = withGrantsApart(application).grantedPermissions;
    if (granted.includes(permission)) throw graphError(call, 'Permission being assigned already exists on the object', 'bad-request', '"Get-MgServicePrincipalAppRoleAssignment" shows what is granted.');
    context.tenant.change((tenant) => editApplication(tenant, application, (each) => ({ ...each, grantedPermissions: [...granted, permission] })));
    return [assignmentObject(context, application, permission)];
  },
};

function principalOf(bound: Bound, context: Context): Application {
  const found = enterpriseApplicationOf(call, context, fieldOf(bound, 'PrincipalId'));
  if ('application' in found) return found.application;
  throw graphError(call, `${found.api.displayName} cannot be granted a permission here.`, 'bad-request', '-PrincipalId is the enterprise application of your own application.');
}

function resourceOf(bound: Bound, context: Context): Api {
  const found = enterpriseApplicationOf(call, context, fieldOf(bound, 'ResourceId'));
  if ('api' in found) return found.api;
  throw graphError(call, 'Permission being assigned was not found on application', 'bad-request', `-ResourceId is the enterprise application of ${apis.map(({ displayName }) => displayName).join(' or ')}.`);
}

/** A delegated permission is a scope, and cannot be granted as a role. */
function noSuchRole(api: Api, id: string) {
  const delegated = permissionName(api, 'scopes', id);
  const fact = `Permission being assigned was not found on application '${api.displayName}'`;
  const remedy = delegated === undefined ? `Its roles are ${api.roles.map(({ value }) => value).join(', ')}: ($exchange.AppRoles | Where-Object Value -eq 'SMTP.SendAsApp').Id` : `${delegated} is a delegated permission; the application permission is SMTP.SendAsApp.`;
  return graphError(call, fact, 'bad-request', remedy);
}

/** As a parameter, or in -BodyParameter. */
function fieldOf(bound: Bound, name: string): string {
  const [body] = bound.tables('BodyParameter');
  return bound.optionalText(name) ?? textOf(body?.get(name) ?? null);
}

const principal = { takes: 'text', mandatory: true, fromPipeline: 'Id' } as const;

export const getAppRoleAssignment: Cmdlet = {
  name: 'Get-MgServicePrincipalAppRoleAssignment',
  from: 'Microsoft Graph',
  help: 'Shows the application permissions that an enterprise application was granted.',
  example: 'Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id',
  parameters: { ServicePrincipalId: principal, All: { takes: 'switch' } },
  run: (bound, context) => {
    const found = enterpriseApplicationOf('Get-MgServicePrincipalAppRoleAssignment_List', context, bound.text('ServicePrincipalId'));
    if ('api' in found) return [];
    return withGrantsApart(found.application).grantedPermissions.map((permission) => assignmentObject(context, found.application, permission));
  },
};

export const removeAppRoleAssignment: Cmdlet = {
  name: 'Remove-MgServicePrincipalAppRoleAssignment',
  from: 'Microsoft Graph',
  help: 'Takes the consent to an application permission back. Tokens that carry it go on until they end.',
  example: 'Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -AppRoleAssignmentId $assignment.Id',
  parameters: { ServicePrincipalId: { takes: 'text', mandatory: true }, AppRoleAssignmentId: { takes: 'text', mandatory: true } },
  run: (bound, context) => {
    const name = 'Remove-MgServicePrincipalAppRoleAssignment_Delete';
    const found = enterpriseApplicationOf(name, context, bound.text('ServicePrincipalId'));
    const id = bound.text('AppRoleAssignmentId');
    const granted = 'api' in found ? [] : withGrantsApart(found.application).grantedPermissions;
    const taken = granted.find((permission) => 'application' in found && sameText(assignmentId(context, found.application, permission), id));
    if ('api' in found || taken === undefined) throw graphError(name, `Resource '${id}' does not exist.`, 'not-found', '"Get-MgServicePrincipalAppRoleAssignment" shows the Id of each.');
    return change(context, (tenant) => editApplication(tenant, found.application, (each) => ({ ...each, grantedPermissions: granted.filter((permission) => permission !== taken) })));
  },
};

function assignmentId({ random }: Context, { clientId }: Application, permission: string): string {
  return derivedGuid(random, `assignment ${clientId} ${permission}`);
}

function assignmentObject(context: Context, application: Application, permission: string): PowerShellObject {
  const named = permissionNamed(permission, 'roles');
  const resource = enterpriseApplications(context).find((each) => 'api' in each && each.api === named?.api);
  return new PowerShellObject(type, {
    AppRoleId: named?.permission.id ?? permission,
    Id: assignmentId(context, application, permission),
    PrincipalDisplayName: application.name,
    PrincipalId: application.enterpriseObjectId,
    PrincipalType: 'ServicePrincipal',
    ResourceDisplayName: named?.api.displayName ?? null,
    ResourceId: resource?.id ?? null,
  });
}
