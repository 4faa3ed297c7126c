import type { Application } from '@isesim/domain';
import { editApplication } from '../../../tenant/edit.ts';
import { newGuid } from '../../ids.ts';
import { change, type Cmdlet } from '../cmdlet.ts';
import { applicationObject, applicationOf } from './application-object.ts';
import { getCmdlet } from './get-cmdlet.ts';
import { askedPermissions } from './required-access.ts';

const audiences = ['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount', 'PersonalMicrosoftAccount'];

export const newMgApplication: Cmdlet = {
  name: 'New-MgApplication',
  from: 'Microsoft Graph',
  help: 'Registers an application. Unlike the admin center this makes no enterprise application: New-MgServicePrincipal does.',
  example: 'New-MgApplication -DisplayName "ISE" -SignInAudience AzureADMyOrg',
  parameters: {
    DisplayName: { takes: 'text', mandatory: true },
    SignInAudience: { takes: 'text', oneOf: audiences },
    RequiredResourceAccess: { takes: 'value' },
  },
  run: (bound, context) => {
    const name = bound.text('DisplayName');
    const made: Application = {
      name,
      clientId: newGuid(context, `application ${name}`),
      applicationObjectId: newGuid(context, `application object ${name}`),
      enterpriseObjectId: '',
      secrets: [],
      ...askedPermissions('New-MgApplication_CreateExpanded', bound.tables('RequiredResourceAccess')),
      adminConsent: false,
      signInAudience: bound.optionalText('SignInAudience') ?? 'AzureADandPersonalMicrosoftAccount',
      createdAt: context.now,
    };
    context.tenant.change((tenant) => ({ ...tenant, applications: [...tenant.applications, made] }));
    return [applicationObject(context, made)];
  },
};

export const getMgApplication = getCmdlet({
  noun: 'Application',
  help: 'Shows app registrations. Of a client secret it shows the hint, never the value.',
  example: "Get-MgApplication -Filter \"displayName eq 'ISE'\" | fl",
  all: ({ tenant }) => tenant.current.applications,
  one: applicationOf,
  object: applicationObject,
});

export const updateMgApplication: Cmdlet = {
  name: 'Update-MgApplication',
  from: 'Microsoft Graph',
  help: 'Changes an app registration: which permissions it asks for. Asking grants none: New-MgServicePrincipalAppRoleAssignment does.',
  example: "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess @{ ResourceAppId = '00000002-0000-0ff1-ce00-000000000000'; ResourceAccess = @(@{ Id = $role.Id; Type = 'Role' }) }",
  parameters: {
    ApplicationId: { takes: 'text', mandatory: true, fromPipeline: 'Id' },
    DisplayName: { takes: 'text' },
    SignInAudience: { takes: 'text', oneOf: audiences },
    RequiredResourceAccess: { takes: 'value' },
  },
  run: (bound, context) => {
    const application = applicationOf('Update-MgApplication_UpdateExpanded', context, bound.text('ApplicationId'));
    const [name, signInAudience] = [bound.optionalText('DisplayName'), bound.optionalText('SignInAudience')];
    const asked = bound.has('RequiredResourceAccess') ? askedPermissions('Update-MgApplication_UpdateExpanded', bound.tables('RequiredResourceAccess')) : {};
    return change(context, (tenant) =>
      editApplication(tenant, application, (each) => ({
        ...withGrantsApart(each),
        ...asked,
        ...(name === undefined ? {} : { name }),
        ...(signInAudience === undefined ? {} : { signInAudience }),
      })),
    );
  },
};

export const removeMgApplication: Cmdlet = {
  name: 'Remove-MgApplication',
  from: 'Microsoft Graph',
  help: 'Removes an app registration and its enterprise application. Exchange Online is not told.',
  example: 'Remove-MgApplication -ApplicationId 0a0a0a0a-0000-4000-8000-000000000001',
  parameters: { ApplicationId: { takes: 'text', mandatory: true, fromPipeline: 'Id' } },
  run: (bound, context) => {
    const application = applicationOf('Remove-MgApplication_Delete', context, bound.text('ApplicationId'));
    return change(context, (tenant) => ({ ...tenant, applications: tenant.applications.filter((each) => each !== application) }));
  },
};

/** Consent was to what was asked for then: what is asked for later is not granted with it. */
export function withGrantsApart(application: Application): Application & Required<Pick<Application, 'grantedPermissions'>> {
  const { adminConsent, permissions, grantedPermissions = adminConsent ? permissions : [] } = application;
  return { ...application, grantedPermissions };
}
