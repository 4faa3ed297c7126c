import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '@isesim/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration } from './field-types.ts';
import { parseTopology } from './parse-topology.ts';
import { TopologyError } from './topology-error.ts';

const env = { ENTRA_CLIENT_SECRET: 'hunter2-from-the-environment' };
const demo = readFileSync(join(import.meta.dirname, '../../../topology/demo.yaml'), 'utf8');

/** The error of a text; undefined when it is a topology. Anything but a TopologyError fails the test. */
function refusalOf(text: string): TopologyError | undefined {
  try {
    parseTopology(text, { file: 't.yaml', env });
    return undefined;
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
}

function isPlaced(error: TopologyError | undefined, text: string): boolean {
  const lines = text.split('\n').length;
  return (error?.mistakes ?? []).every(({ line, column }) => line >= 1 && line <= lines && column >= 1);
}

test('any text is a topology or a TopologyError with places in it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 500 });
  fc.assert(fc.property(text, (each) => isPlaced(refusalOf(each), each)), { numRuns: 500 });
});

test('so is any mixture of what YAML gives a meaning to', () => {
  const sign = fc.constantFrom(...'[]{},:?-&*!|>\'"%@`#~=<\\ \t\n', '- ', ': ', '&a ', '*a', '!!map ', '---\n', '...\n', '<<: ', 'nodes', 'name', '${A', '${A}', '__proto__', '\u2028');
  const text = fc.array(sign, { maxLength: 200 }).map((signs) => signs.join(''));
  fc.assert(fc.property(text, (each) => isPlaced(refusalOf(each), each)), { numRuns: 500 });
});

test('so is any value in any section', () => {
  const sections = ['name', 'nodes', 'smtpServer', 'microsoft365', 'guests', 'guestTypes', 'passwordPolicy', 'panFailover', 'faults', 'network', 'proxy', 'trustedCertificates'];
  const value = fc.jsonValue({ maxDepth: 5 });
  const file = fc.dictionary(fc.constantFrom(...sections), value, { noNullPrototype: true }).map((each) => JSON.stringify(each));
  fc.assert(fc.property(file, (each) => isPlaced(refusalOf(each), each)), { numRuns: 500 });
});

test('no slip of the pen in a file brings its secret into a message', () => {
  const secret = 'hunter2';
  const text = demo.replace('${ENTRA_CLIENT_SECRET:-demo-secret}', secret);
  const slip = fc.record({
    at: fc.nat(text.length),
    cut: fc.nat(3),
    put: fc.constantFrom('', ...'[]{},:?-&*!|>\'"%@#\n\t ', ': ', '- ', '\n  ', '${'),
  });
  fc.assert(
    fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
      const slipped = slips.reduce((each, { at, cut, put }) => each.slice(0, at) + put + each.slice(at + cut), text);
      expect(refusalOf(slipped)?.message ?? '').not.toContain(secret);
    }),
    { numRuns: 300 },
  );
});

test('no slip brings what the environment holds into a message', () => {
  const at = fc.nat(demo.length);
  fc.assert(
    fc.property(at, fc.constantFrom('[', '{', ':', '\n', '"', '- '), (each, put) => {
      expect(refusalOf(demo.slice(0, each) + put + demo.slice(each))?.message ?? '').not.toContain(env.ENTRA_CLIENT_SECRET);
    }),
    { numRuns: 300 },
  );
});

test('a duration in a file is what the vocabulary takes for one', () => {
  const text = fc.stringMatching(/^\d{0,10}(\.\d{0,4})?[smhdw]?$/);
  fc.assert(fc.property(text, (each) => duration().safeParse(each).success === (parseDuration(each) !== undefined)));
});
