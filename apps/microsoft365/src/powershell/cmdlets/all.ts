import type { Cmdlet } from './cmdlet.ts';
import { formatListCmdlet, formatTableCmdlet, outNull, outString } from './core/format.ts';
import { forEachObject } from './core/for-each-object.ts';
import { brew, importModule, installModule, pwsh } from './core/guide.ts';
import { getCommand, getHelp } from './core/help.ts';
import { getDate, selectObject, whereObject, writeOutput } from './core/objects.ts';
import { sortObject } from './core/sort-object.ts';
import { getCasMailbox, setCasMailbox } from './exchange/cas-mailboxes.ts';
import { connectExchangeOnline, disconnectExchangeOnline } from './exchange/connect.ts';
import { addMailboxPermission, getMailboxPermission, removeMailboxPermission } from './exchange/mailbox-permissions.ts';
import { getMailbox, setMailbox } from './exchange/mailboxes.ts';
import { addRecipientPermission, getRecipientPermission, removeRecipientPermission } from './exchange/recipient-permissions.ts';
import { getServicePrincipal, newServicePrincipal, removeServicePrincipal, setServicePrincipal } from './exchange/service-principals.ts';
import { getTransportConfig, setTransportConfig } from './exchange/transport-config.ts';
import { getAppRoleAssignment, newAppRoleAssignment, removeAppRoleAssignment } from './graph/app-role-assignments.ts';
import { addMgApplicationPassword, removeMgApplicationPassword } from './graph/application-passwords.ts';
import { getMgApplication, newMgApplication, removeMgApplication, updateMgApplication } from './graph/applications.ts';
import { connectMgGraph, disconnectMgGraph, getMgContext } from './graph/connect.ts';
import { getMgServicePrincipal, newMgServicePrincipal, removeMgServicePrincipal } from './graph/service-principals.ts';
import { setMgUserLicense } from './graph/set-user-license.ts';
import { getMgSubscribedSku } from './graph/skus.ts';
import { getMgUser, newMgUser, removeMgUser, updateMgUser } from './graph/users.ts';

/** Every cmdlet that is played, in the order in which Get-Command lists them. */
export const cmdlets: readonly Cmdlet[] = [
  connectExchangeOnline,
  disconnectExchangeOnline,
  newServicePrincipal,
  getServicePrincipal,
  setServicePrincipal,
  removeServicePrincipal,
  getMailbox,
  setMailbox,
  addMailboxPermission,
  getMailboxPermission,
  removeMailboxPermission,
  addRecipientPermission,
  getRecipientPermission,
  removeRecipientPermission,
  setCasMailbox,
  getCasMailbox,
  setTransportConfig,
  getTransportConfig,
  connectMgGraph,
  disconnectMgGraph,
  getMgContext,
  newMgUser,
  getMgUser,
  updateMgUser,
  removeMgUser,
  setMgUserLicense,
  getMgSubscribedSku,
  newMgApplication,
  getMgApplication,
  updateMgApplication,
  removeMgApplication,
  addMgApplicationPassword,
  removeMgApplicationPassword,
  newMgServicePrincipal,
  getMgServicePrincipal,
  removeMgServicePrincipal,
  newAppRoleAssignment,
  getAppRoleAssignment,
  removeAppRoleAssignment,
  formatListCmdlet,
  formatTableCmdlet,
  selectObject,
  whereObject,
  forEachObject,
  sortObject,
  getDate,
  writeOutput,
  outString,
  outNull,
  getCommand,
  getHelp,
  installModule,
  importModule,
  brew,
  pwsh,
];
