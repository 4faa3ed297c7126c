import { pageSchemas, pagesThatMayLack, unseal, type HeldConfiguration, type PageName, type SealingKey } from '@isesim/domain';
import { configurationWriter, promotionFault, type ConfigurationWrite, type StoredMessage } from '@isesim/bus';

export const emptyConfiguration: HeldConfiguration = { revision: 0, epoch: 0, primaryPan: undefined, pages: {}, writtenAt: {} };

export type Applied = { readonly held: HeldConfiguration } | { readonly dropped: string };

/**
 * What a configuration write makes of the configuration held: the same at every reader, from the stream alone. A write counts
 * only when it was fenced (it named the sequence just before its own) and came from the primary PAN of its epoch; NATS
 * vouches for the writer in the subject.
 */
export function applyWrite(held: HeldConfiguration, message: StoredMessage<ConfigurationWrite>, key: SealingKey): Applied {
  const { value, sequence } = message;
  const writer = configurationWriter(message);
  if (value.kind === 'epoch') {
    const fault = promotionFault({ ...message, value }, held.epoch);
    return fault === undefined ? { held: { ...held, revision: sequence, epoch: value.epoch, primaryPan: writer } } : { dropped: fault };
  }
  if (message.fencedBehind !== sequence - 1) return { dropped: `${writer} wrote without the fence` };
  if (writer !== held.primaryPan) return { dropped: `${writer} is not the primary PAN` };
  if (value.epoch !== held.epoch) return { dropped: `${writer} wrote under epoch ${value.epoch}, it is ${held.epoch}` };
  const pages = { ...held.pages };
  for (const [name, sealed] of Object.entries(value.pages)) {
    const wrong = applyPage(pages, name, sealed, key);
    if (wrong) return { dropped: `${writer} wrote ${wrong}` };
  }
  const writtenAt = { ...held.writtenAt, ...Object.fromEntries(Object.keys(value.pages).map((name) => [name, message.time])) };
  return { held: { ...held, revision: sequence, pages, writtenAt } };
}

type Pages = { -readonly [Name in PageName]?: HeldConfiguration['pages'][Name] };

/** Puts one page among `pages`, or takes it away; undefined, or what is wrong with it. */
function applyPage(pages: Pages, name: string, sealed: unknown, key: SealingKey): string | undefined {
  if (!isPage(name)) return `an unknown page, ${name}`;
  if (sealed === null && mayLack(name)) {
    Reflect.deleteProperty(pages, name);
    return undefined;
  }
  const unsealed = attempt(() => unseal(sealed, key));
  if (!unsealed) return `a page ${name} that was not sealed with the key of this deployment`;
  const page = pageSchemas[name].safeParse(unsealed.value);
  if (!page.success) return `a page ${name} that is not valid`;
  Object.assign(pages, { [name]: page.data });
  return undefined;
}

function isPage(name: string): name is PageName {
  return Object.hasOwn(pageSchemas, name);
}

function mayLack(page: PageName): boolean {
  return (pagesThatMayLack as readonly PageName[]).includes(page);
}

function attempt<T>(run: () => T): { readonly value: T } | undefined {
  try {
    return { value: run() };
  } catch {
    return undefined;
  }
}
