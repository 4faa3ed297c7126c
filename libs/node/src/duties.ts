import { pageNames, pagesThatMayLack, type DutyHolders, type HeldConfiguration, type PageName } from '@isesim/domain';

/** Who holds the duties, by the configuration that a node holds. */
export function holdersOf(held: HeldConfiguration): DutyHolders {
  const activeMnt = held.pages.deployment?.nodes.find(({ roles }) => roles.mnt === 'primary')?.name;
  return {
    ...(held.primaryPan === undefined ? {} : { 'primary PAN': held.primaryPan }),
    ...(activeMnt === undefined ? {} : { 'active MnT': activeMnt }),
  };
}

/** The same without what `uncertain` would hold: a node that is cut off cannot know whether a duty is still its own. */
export function holdersWithin(held: HeldConfiguration, uncertain: string | undefined): DutyHolders {
  const certain = Object.entries(holdersOf(held)).filter(([, holder]) => holder !== uncertain);
  return Object.fromEntries(certain) as DutyHolders;
}

/** True when every page has arrived that there must be: before that a node knows too little to decide or send anything. */
export function isComplete(held: HeldConfiguration): boolean {
  return neededPages.every((name) => held.pages[name] !== undefined);
}

const neededPages = pageNames.filter((name) => !(pagesThatMayLack as readonly PageName[]).includes(name));

