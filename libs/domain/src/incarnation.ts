/** `psn-1#2` is an incarnation of `psn-1`; the empty text where there is none. */
export function nameOf(incarnation: string): string {
  const end = incarnation.lastIndexOf('#');
  return end < 0 ? '' : incarnation.slice(0, end);
}
