import { sameText } from '../../../same-text.ts';
import { findApplication } from '../../../tenant/find.ts';
import { editApplication } from '../../../tenant/edit.ts';
import { graphError } from '../../errors.ts';
import { newGuid } from '../../ids.ts';
import { change, type Cmdlet } from '../cmdlet.ts';
import { apis } from './apis.ts';
import { getCmdlet } from './get-cmdlet.ts';
import { enterpriseApplicationObject, enterpriseApplicationOf, enterpriseApplications } from './service-principal-object.ts';

export const newMgServicePrincipal: Cmdlet = {
  name: 'New-MgServicePrincipal',
  from: 'Microsoft Graph',
  help: 'Makes the enterprise application of a registered application. Its Id is the object ID that New-ServicePrincipal wants.',
  example: 'New-MgServicePrincipal -AppId $app.AppId',
  parameters: { AppId: { takes: 'text', mandatory: true, fromPipeline: 'AppId' }, DisplayName: { takes: 'text' }, BodyParameter: { takes: 'value' } },
  run: (bound, context) => {
    const appId = bound.text('AppId');
    const application = findApplication(context.tenant.current, appId);
    if (!application && !apis.some((api) => sameText(api.appId, appId))) {
      throw graphError(call, `The appId '${appId}' of the service principal does not reference a valid application object.`, 'bad-request', '-AppId is the Application (client) ID: "Get-MgApplication" shows it.');
    }
    if (!application || application.enterpriseObjectId !== '') {
      throw graphError(call, `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`, 'multiple-objects', `"Get-MgServicePrincipal -Filter "appId eq '${appId}'"" shows it.`);
    }
    const id = newGuid(context, `enterprise application ${appId}`);
    context.tenant.change((tenant) => editApplication(tenant, application, (each) => ({ ...each, enterpriseObjectId: id })));
    return [enterpriseApplicationObject({ id, application })];
  },
};

const call = 'New-MgServicePrincipal_CreateExpanded';

export const getMgServicePrincipal = getCmdlet({
  noun: 'ServicePrincipal',
  help: 'Shows enterprise applications, those of the APIs included, whose AppRoles are the application permissions.',
  example: "$exchange = Get-MgServicePrincipal -Filter \"appId eq '00000002-0000-0ff1-ce00-000000000000'\"",
  all: enterpriseApplications,
  one: enterpriseApplicationOf,
  object: (_, each) => enterpriseApplicationObject(each),
});

export const removeMgServicePrincipal: Cmdlet = {
  name: 'Remove-MgServicePrincipal',
  from: 'Microsoft Graph',
  help: 'Removes an enterprise application and what it was granted: Entra ID gives its application no token any more.',
  example: 'Remove-MgServicePrincipal -ServicePrincipalId 0b0b0b0b-0000-4000-8000-000000000002',
  parameters: { ServicePrincipalId: { takes: 'text', mandatory: true, fromPipeline: 'Id' } },
  run: (bound, context) => {
    const found = enterpriseApplicationOf('Remove-MgServicePrincipal_Delete', context, bound.text('ServicePrincipalId'));
    if ('api' in found) throw graphError('Remove-MgServicePrincipal_Delete', `The enterprise application of ${found.api.displayName} stays.`, 'bad-request', 'Remove that of your own application.');
    return change(context, (tenant) => editApplication(tenant, found.application, (each) => ({ ...each, enterpriseObjectId: '', adminConsent: false, grantedPermissions: [] })));
  },
};
