/** Whose lines a guest.log has: ISE's components, and our own, which are no class of ISE's. Not from the domain: a verb that reads a log need not load that. */
export const componentNames = ['guestaccess', 'guest-access-admin', 'replication', 'mail'] as const;

/** Dots, dashes and case do not count. */
export function isComponent(name: string): boolean {
  return componentNames.some((each) => lettersOf(each) === lettersOf(name));
}

export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
