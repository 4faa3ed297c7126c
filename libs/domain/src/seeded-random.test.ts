import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

test('the same seed, node and cause give the same values, in whatever order and however often they are drawn', () => {
  const [first, second] = [seededRandom(7, 'psn-1'), seededRandom(7, 'psn-1')];
  const drawn = [first.text('guest a', 10), first.text('guest b', 10), first.fraction('latency')];
  const again = [second.fraction('latency'), second.text('guest b', 10), second.text('guest a', 10), second.text('guest a', 10)];

  expect(again).toEqual([drawn[2], drawn[1], drawn[0], drawn[0]]);
});

test('another seed, node or cause gives another value', () => {
  const texts = [seededRandom(7, 'psn-1').text('a', 12), seededRandom(8, 'psn-1').text('a', 12), seededRandom(7, 'psn-2').text('a', 12), seededRandom(7, 'psn-1').text('b', 12)];

  expect(new Set(texts).size).toBe(4);
});

test('the values stay what they are from one version to the next, so that a seed in a report can be run again', () => {
  const random = seededRandom(7, 'psn-1');

  expect({ text: random.text('password ana', 10), fraction: random.fraction('password ana') }).toMatchInlineSnapshot(`
    {
      "fraction": 0.14515914488583803,
      "text": "bfcmw7tii0",
    }
  `);
});

test('a text has the length and the letters asked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(200), fc.constantFrom('ab', '0123456789', 'abcdefghijklmnopqrstuvwxyz0123456789'), (cause, length, alphabet) => {
      const text = seededRandom(1, 'n').text(cause, length, alphabet);
      expect(text).toHaveLength(length);
      expect([...text].every((letter) => alphabet.includes(letter))).toBe(true);
    }),
  );
});

test('a longer text of one cause begins with the shorter one', () => {
  const random = seededRandom(1, 'n');

  expect(random.text('a', 100).startsWith(random.text('a', 40))).toBe(true);
});

test('fractions lie from 0 up to 1 and are spread over it', () => {
  const random = seededRandom(1, 'n');
  const fractions = Array.from({ length: 1_000 }, (_, index) => random.fraction(`cause ${index}`));

  expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
  for (const tenth of Array.from({ length: 10 }, (_, index) => index / 10)) {
    expect(fractions.filter((fraction) => fraction >= tenth && fraction < tenth + 0.1).length).toBeGreaterThan(50);
  }
});
