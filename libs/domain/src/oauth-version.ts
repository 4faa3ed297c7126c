/** The first patch of each version with which ISE can send with OAuth; older versions never can, newer always. */
const oauthPatches: ReadonlyMap<string, number> = new Map([['3.2', 8], ['3.3', 8], ['3.4', 4], ['3.5', 1]]);

/** For an ISE version that cannot send with OAuth, as `3.5`: the versions that can. Undefined for one that can. */
export function oauthVersionsNeeded(iseVersion: string): readonly string[] | undefined {
  const [version = '', patch = '0'] = iseVersion.split('P');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const needed = oauthPatches.get(version);
  const able = needed === undefined ? major > 3 || (major === 3 && minor > 5) : Number(patch) >= needed;
  if (able) return undefined;
  return needed === undefined ? [...oauthPatches].map(([each, first]) => `${each}P${first}`) : [`${version}P${needed}`];
}
