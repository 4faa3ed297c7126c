import type { Application } from '@isesim/domain';
import { graphError } from '../../errors.ts';
import { asList, Hashtable, PowerShellObject, textOf, type Value } from '../../values/value.ts';
import { sameText } from '../../../same-text.ts';
import { apis, permissionName } from './apis.ts';

type Asked = Required<Pick<Application, 'permissions' | 'delegatedPermissions'>>;

/**
 * What `-RequiredResourceAccess` asks for: `Role` is an application permission, `Scope` a delegated one. Asking grants
 * nothing. Like Entra ID this takes ids that no API knows, and keeps them as they are.
 */
export function askedPermissions(cmdlet: string, given: readonly (Hashtable | PowerShellObject)[]): Asked {
  const asked = given.flatMap((each) => permissionsOf(cmdlet, textOf(each.get('ResourceAppId')), each.get('ResourceAccess')));
  return {
    permissions: asked.filter(({ role }) => role).map(({ name }) => name),
    delegatedPermissions: asked.filter(({ role }) => !role).map(({ name }) => name),
  };
}

function permissionsOf(cmdlet: string, appId: string, access: Value): { name: string; role: boolean }[] {
  const api = apis.find((each) => sameText(each.appId, appId));
  if (!api) {
    const known = apis.map((each) => `${each.appId} (${each.displayName})`).join(', ');
    throw graphError(cmdlet, `The resource application '${appId}' was not found.`, 'bad-request', `ResourceAppId is one of ${known}.`);
  }
  return asList(access).map((each) => {
    const table = each instanceof Hashtable || each instanceof PowerShellObject ? each : new Hashtable({});
    const [id, type] = [textOf(table.get('Id')), textOf(table.get('Type'))];
    if (!/^(role|scope)$/i.test(type)) throw graphError(cmdlet, `Invalid value '${type}' specified for property 'type' of resource 'ResourceAccess'.`, 'bad-request', 'Type is Role for an application permission, Scope for a delegated one.');
    const role = sameText(type, 'Role');
    return { role, name: permissionName(api, role ? 'roles' : 'scopes', id) ?? `${api.prefix}${id}` };
  });
}
