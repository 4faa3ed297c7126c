/** The APIs that a token can be asked for, by application id URI or id. The audience is the name that was asked for. */
const resources: Readonly<Record<string, { readonly api: 'Exchange Online' | 'Graph' }>> = {
  'https://outlook.office.com': { api: 'Exchange Online' },
  'https://outlook.office365.com': { api: 'Exchange Online' },
  '00000002-0000-0ff1-ce00-000000000000': { api: 'Exchange Online' },
  'https://graph.microsoft.com': { api: 'Graph' },
  '00000003-0000-0000-c000-000000000000': { api: 'Graph' },
};

export interface Resource {
  readonly audience: string;
  readonly api: 'Exchange Online' | 'Graph';
}

export function findResource(name: string): Resource | undefined {
  const known = Object.hasOwn(resources, name) ? resources[name] : undefined;
  return known && { audience: name, api: known.api };
}

/** Exchange Online takes tokens for either of its two names (Cisco's scope has the first, Microsoft's the second). */
export const exchangeAudiences = ['https://outlook.office.com', 'https://outlook.office365.com'];
