import type { Application, Mailbox, Tenant, User } from '@isesim/domain';
import { sameText } from '../same-text.ts';

export function editApplication(tenant: Tenant, { clientId }: Application, edit: (application: Application) => Application): Tenant {
  return { ...tenant, applications: tenant.applications.map((each) => (sameText(each.clientId, clientId) ? edit(each) : each)) };
}

export function editMailbox(tenant: Tenant, { address }: Mailbox, edit: (mailbox: Mailbox) => Mailbox): Tenant {
  return { ...tenant, mailboxes: tenant.mailboxes.map((each) => (sameText(each.address, address) ? edit(each) : each)) };
}

/** Puts `user` in the place of the one of the same id, or adds it. */
export function putUser(tenant: Tenant, user: User): Tenant {
  const { users = [] } = tenant;
  const known = users.some(({ id }) => sameText(id, user.id));
  return { ...tenant, users: known ? users.map((each) => (sameText(each.id, user.id) ? user : each)) : [...users, user] };
}
