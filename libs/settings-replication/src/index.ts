export { applyWrite, emptyConfiguration, type Applied } from './apply-write.ts';
export { SettingsReplication, type PageChanges, type SettingsReplicationOptions } from './settings-replication.ts';
