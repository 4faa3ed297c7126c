/** Names, addresses and GUIDs mean the same in either case. */
export function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
