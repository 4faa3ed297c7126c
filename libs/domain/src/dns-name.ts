/** A host name as names are compared: DNS reads letters in either case, and a dot at the end says no more than that the name is whole. */
export function dnsName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
