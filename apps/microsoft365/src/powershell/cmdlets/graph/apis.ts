import { graphPrefix } from '../../../tenant/permissions.ts';

/** A permission that an API offers: to applications as a role, or to whoever signs in as a scope. */
export interface ApiPermission {
  readonly id: string;
  readonly value: string;
  readonly text: string;
}

/** An API that an application can have permissions for. */
export interface Api {
  readonly appId: string;
  readonly displayName: string;
  /** Stands before the names of its permissions in the tenant. */
  readonly prefix: string;
  readonly roles: readonly ApiPermission[];
  readonly scopes: readonly ApiPermission[];
}

/**
 * The permissions that have to do with mail. Ids that begin with 5e5e5e5e are ours: the real ones are not in the sources, and
 * scripts look them up by name.
 */
export const apis: readonly Api[] = [
  {
    appId: '00000002-0000-0ff1-ce00-000000000000',
    displayName: 'Office 365 Exchange Online',
    prefix: '',
    roles: [
      { id: '5e5e5e5e-0000-4000-8000-000000000001', value: 'SMTP.SendAsApp', text: 'Application access for sending emails via SMTP AUTH' },
      { id: '5e5e5e5e-0000-4000-8000-000000000002', value: 'IMAP.AccessAsApp', text: 'IMAP.AccessAsApp' },
      { id: '5e5e5e5e-0000-4000-8000-000000000003', value: 'POP.AccessAsApp', text: 'POP.AccessAsApp' },
      { id: 'dc50a0fb-09a3-484d-be87-e023b12c6440', value: 'Exchange.ManageAsApp', text: 'Manage Exchange As Application' },
    ],
    scopes: [{ id: '5e5e5e5e-0000-4000-8000-000000000004', value: 'SMTP.Send', text: 'Send emails from mailboxes using SMTP AUTH' }],
  },
  {
    appId: '00000003-0000-0000-c000-000000000000',
    displayName: 'Microsoft Graph',
    prefix: graphPrefix,
    roles: [{ id: 'b633e1c5-b582-4048-a93e-9f11b44c7e96', value: 'Mail.Send', text: 'Send mail as any user' }],
    scopes: [
      { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', value: 'User.Read', text: 'Sign in and read user profile' },
      { id: '258f6531-6087-4cc4-bb90-092c5fb3ed3f', value: 'SMTP.Send', text: 'Send emails from mailboxes using SMTP AUTH' },
    ],
  },
];

/** An API's permission of that id, as the tenant names it. */
export function permissionName(api: Api, kind: 'roles' | 'scopes', id: string): string | undefined {
  const found = api[kind].find((each) => each.id.toLowerCase() === id.toLowerCase());
  return found && `${api.prefix}${found.value}`;
}

export interface NamedPermission {
  readonly api: Api;
  readonly permission: ApiPermission;
}

/** The permission that the tenant names so. One that no API here has is shown as Exchange Online's, under its name. */
export function permissionNamed(name: string, kind: 'roles' | 'scopes'): NamedPermission | undefined {
  for (const api of apis) {
    const permission = api[kind].find(({ value }) => `${api.prefix}${value}` === name);
    if (permission) return { api, permission };
  }
  // A topology names permissions without their API.
  return kind === 'scopes' && !name.startsWith(graphPrefix) ? permissionNamed(`${graphPrefix}${name}`, kind) : undefined;
}
