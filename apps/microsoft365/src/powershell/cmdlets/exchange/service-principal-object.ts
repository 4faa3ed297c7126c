import type { ServicePrincipal } from '@isesim/domain';
import { sidOf } from '../../ids.ts';
import { PowerShellObject } from '../../values/value.ts';
import type { Context } from '../cmdlet.ts';
import { directoryProperties } from './directory.ts';

const type = { name: 'Microsoft.Exchange.Management.RecipientTasks.ServicePrincipal', table: [{ name: 'DisplayName' }, { name: 'ObjectId' }, { name: 'AppId' }] };

/** The fields of Get-ServicePrincipal, in its order. */
export function servicePrincipalObject(context: Context, { appId, objectId, displayName, createdAt }: ServicePrincipal): PowerShellObject {
  return new PowerShellObject(type, {
    DisplayName: displayName ?? null,
    AppId: appId,
    ObjectId: objectId,
    Sid: sidOf(context, objectId),
    SidHistory: [],
    OverrideEnforceExoAppRbacPermissions: false,
    ...directoryProperties(context, objectId, objectId, createdAt),
  });
}
