import { dayMs, oauthVersionsNeeded, parseDuration } from '@isesim/domain';
import * as defaults from './defaults.ts';
import { pathText } from './finding.ts';
import { entries, oneOf, type Breach, type IsSound, type Rule, type SoundFile } from './rule.ts';
import { quoted } from './wording.ts';

/** What ISE demands of the settings and accounts together. */
export function settingsBreaches(file: SoundFile, isSound: IsSound): Breach[] {
  return rules.flatMap((rule) => rule(file, isSound));
}

const rules: readonly Rule[] = [oauthVersion, remindersBeforeExpiry, guestsFitTheirType, differentNames];

function oauthVersion(file: SoundFile, isSound: IsSound): Breach[] {
  const { iseVersion, smtpServer } = file;
  const usesOAuth = smtpServer ? smtpServer.authentication?.type === 'exchange-online-oauth' : isSound('smtpServer');
  if (iseVersion === undefined || !usesOAuth) return [];
  const needed = oauthVersionsNeeded(iseVersion);
  if (!needed) return [];
  const [only = '', ...others] = needed;
  const remedy = others.length === 0 ? `write "${only}" or later` : `write ${needed.join(', ')} or later`;
  const message = `iseVersion is ${quoted(iseVersion)}, which cannot send with OAuth; ${remedy}, or an smtpServer without OAuth`;
  return [{ path: ['iseVersion'], message }];
}

function remindersBeforeExpiry(file: SoundFile, isSound: IsSound): Breach[] {
  return (['administrators', 'internalUsers'] as const).flatMap((accounts) => {
    const path = ['passwordPolicy', accounts];
    const { lifetimeDays = 0, reminderDays = 0 } = { ...defaults.passwordPolicy[accounts], ...file.passwordPolicy?.[accounts] };
    if (!isSound(...path) || reminderDays < lifetimeDays) return [];
    return [{
      path: [...path, 'reminderDays'],
      message: `${pathText(path)}.reminderDays is ${reminderDays}, but a password lives ${lifetimeDays} days; write less`,
    }];
  });
}

function guestsFitTheirType(file: SoundFile, isSound: IsSound): Breach[] {
  if (!isSound('guestTypes')) return [];
  const types = file.guestTypes ?? defaults.guestTypes;
  return entries(file.guests).flatMap(([index, { type: name, validFor }]) => {
    if (name === undefined) return [];
    const type = types.find((each) => each?.name === name);
    if (!type) {
      const known = types.flatMap((each) => each?.name ?? []);
      const path = ['guests', index, 'type'];
      const message = `${pathText(path)} is ${quoted(name)}, which is no guest type; write the name of one${oneOf(name, known)}`;
      return [{ path, message }];
    }
    const { maxDays = defaults.guestTypeMaxDays } = type;
    if (validFor === undefined || (parseDuration(validFor) ?? 0) <= maxDays * dayMs) return [];
    const path = ['guests', index, 'validFor'];
    const message = `${pathText(path)} is ${quoted(validFor)}, but ${name} has at most ${maxDays} days; write ${maxDays}d or less`;
    return [{ path, message }];
  });
}

function differentNames({ administrators, internalUsers, sponsors, guestTypes, portals, microsoft365 }: SoundFile): Breach[] {
  return [
    ...differ(['administrators'], 'name', administrators),
    ...differ(['internalUsers'], 'name', internalUsers),
    ...differ(['sponsors'], 'name', sponsors),
    ...differ(['guestTypes'], 'name', guestTypes),
    ...differ(['portals'], 'name', portals),
    ...differ(['microsoft365', 'mailboxes'], 'address', microsoft365?.mailboxes),
    ...differ(['microsoft365', 'applications'], 'name', microsoft365?.applications),
    ...differ(['microsoft365', 'applications'], 'clientId', microsoft365?.applications),
  ];
}

type Named<Field extends string> = { readonly [Key in Field]?: string | undefined };

function differ<Field extends string>(
  list: readonly string[],
  field: Field,
  items: readonly (Named<Field> | undefined)[] | undefined,
): Breach[] {
  const seen = new Set<string>();
  return entries(items).flatMap(([index, item]) => {
    const value = item[field];
    if (value === undefined) return [];
    const path = [...list, index, field];
    const breach = { path, message: `${pathText(path)} is ${quoted(value)}, which is there already; write another` };
    const known = seen.has(value.toLowerCase());
    seen.add(value.toLowerCase());
    return known ? [breach] : [];
  });
}
