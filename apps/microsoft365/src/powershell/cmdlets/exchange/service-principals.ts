import { sameText } from '../../../same-text.ts';
import { cmdletError, exchangeError } from '../../errors.ts';
import type { Bound } from '../../bound.ts';
import { change, type Cmdlet, type Context } from '../cmdlet.ts';
import { notFound, servicePrincipalOf } from './directory.ts';
import { servicePrincipalObject } from './service-principal-object.ts';

export const newServicePrincipal: Cmdlet = {
  name: 'New-ServicePrincipal',
  from: 'Exchange Online',
  help: 'Tells Exchange Online of an application. -ObjectId is the object ID on the Enterprise applications page, which nothing checks here: a wrong one lets nobody in.',
  example: 'New-ServicePrincipal -AppId 7d8f0c1e-1111-4222-8333-444455556666 -ObjectId 0b0b0b0b-0000-4000-8000-000000000002 -DisplayName "ISE"',
  parameters: {
    AppId: { takes: 'text', mandatory: true },
    ObjectId: { takes: 'text', mandatory: true, aliases: ['ServiceId'] },
    DisplayName: { takes: 'text' },
  },
  run: (bound, context) => {
    const displayName = bound.optionalText('DisplayName');
    const made = { appId: bound.text('AppId'), objectId: bound.text('ObjectId'), createdAt: context.now, ...(displayName === undefined ? {} : { displayName }) };
    refuseSecond(made.objectId, context);
    context.tenant.change((tenant) => ({ ...tenant, servicePrincipals: [...tenant.servicePrincipals, made] }));
    return [servicePrincipalObject(context, made)];
  },
};

function refuseSecond(objectId: string, { tenant }: Context): void {
  if (!tenant.current.servicePrincipals.some((each) => sameText(each.objectId, objectId))) return;
  throw exchangeError('already-exists', `A service principal with the ObjectId '${objectId}' already exists.`, 'Remove it first: Remove-ServicePrincipal, or use it as it is.');
}

export const getServicePrincipal: Cmdlet = {
  name: 'Get-ServicePrincipal',
  from: 'Exchange Online',
  help: 'Shows the applications that Exchange Online was told of: all of them also where -Identity finds none.',
  example: 'Get-ServicePrincipal | fl',
  parameters: { Identity: { takes: 'text', position: 0, fromPipeline: 'Identity' } },
  run: (bound, context) => {
    const one = servicePrincipalOf(context, bound.text('Identity'));
    const found = one ? [one] : context.tenant.current.servicePrincipals;
    return found.map((each) => servicePrincipalObject(context, each));
  },
};

export const setServicePrincipal: Cmdlet = {
  name: 'Set-ServicePrincipal',
  from: 'Exchange Online',
  help: 'Changes the display name, and nothing else: with wrong ids, remove the service principal and make another.',
  example: 'Set-ServicePrincipal -Identity 0b0b0b0b-0000-4000-8000-000000000002 -DisplayName "ISE"',
  parameters: { Identity: { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' }, DisplayName: { takes: 'text' } },
  run: (bound, context) => {
    const meant = existing(bound, context);
    const displayName = bound.optionalText('DisplayName');
    if (displayName === undefined) throw cmdletError('Set-ServicePrincipal', 'Nothing was changed.', 'Give -DisplayName: it is all that can be changed.');
    return change(context, (tenant) => ({ ...tenant, servicePrincipals: tenant.servicePrincipals.map((each) => (each === meant ? { ...each, displayName } : each)) }));
  },
};

export const removeServicePrincipal: Cmdlet = {
  name: 'Remove-ServicePrincipal',
  from: 'Exchange Online',
  help: 'Makes Exchange Online forget an application.',
  example: 'Remove-ServicePrincipal -Identity 0b0b0b0b-0000-4000-8000-000000000002',
  parameters: { Identity: { takes: 'text', mandatory: true, position: 0, fromPipeline: 'Identity' } },
  run: (bound, context) => {
    const meant = existing(bound, context);
    return change(context, (tenant) => ({ ...tenant, servicePrincipals: tenant.servicePrincipals.filter((each) => each !== meant) }));
  },
};

function existing(bound: Bound, context: Context) {
  const identity = bound.text('Identity');
  const found = servicePrincipalOf(context, identity);
  if (!found) throw notFound(identity, '"Get-ServicePrincipal | fl" shows those that there are.');
  return found;
}
