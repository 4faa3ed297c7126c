import { expect, it } from 'vitest';
import { testStage, type Props } from '../testing.ts';
import { heal } from './heal.ts';

async function healed(props: Props): Promise<string> {
  return heal.says(await heal.run(testStage(props).stage, {}));
}

it.each<[string, Props, string]>([
  ['nothing', {}, 'nothing is broken'],
  ['an isolation, once', { faults: [{ fault: 'isolated', node: 'psn-2' }], away: { 'psn-2': 'isolated' } }, 'psn-2 is isolated'],
  ['a node that is isolated and killed', { faults: [{ fault: 'isolated', node: 'psn-2' }], away: { 'psn-2': 'killed' } }, 'psn-2 is isolated\npsn-2 is Disconnected (killed); heal starts no node, "isesim node start psn-2" does'],
  ['a node that was killed', { away: { 'psn-1': 'killed' } }, 'psn-1 is Disconnected (killed); heal starts no node, "isesim node start psn-1" does'],
])('heal tells what is left: %s', async (_, props, text) => {
  expect(await healed(props)).toBe(text);
});
