import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seal, unseal } from './seal.ts';
import { Secret } from './secret.ts';

const key = randomBytes(32).toString('base64');
const page = { host: 'smtp.office365.com', authentication: { clientSecret: new Secret('hunter2') }, list: [new Secret('other'), 1, null, true] };

function sealedOf(secret: string): Buffer {
  return Buffer.from((seal(new Secret(secret), key) as { sealed: string }).sealed, 'base64');
}

test('what was sealed is plain data that shows no secret, and unseals to the same', () => {
  const sealed = JSON.stringify(seal(page, key));
  const unsealed = unseal(JSON.parse(sealed), key) as typeof page;

  expect(sealed).not.toMatch(/hunter2|other|\*\*\*/);
  expect(sealed).toContain('smtp.office365.com');
  expect(unsealed.authentication.clientSecret).toBeInstanceOf(Secret);
  expect(unsealed.authentication.clientSecret.reveal()).toBe('hunter2');
  expect((unsealed.list[0] as Secret).reveal()).toBe('other');
  expect(unsealed).toEqual(page);
});

test('any text survives being sealed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect((unseal(JSON.parse(JSON.stringify(seal(new Secret(text), key))), key) as Secret).reveal()).toBe(text);
    }),
  );
});

test('any data without a secret is left as it is', () => {
  const plain = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('sealed'));
  fc.assert(
    fc.property(plain, (value) => {
      expect(unseal(seal(value, key), key)).toEqual(value);
    }),
  );
});

test('the same secret seals to the same text under one key, and to another under another', () => {
  const other = randomBytes(32).toString('base64');

  expect(seal(page, key)).toEqual(seal(page, key));
  expect(seal(page, other)).not.toEqual(seal(page, key));
});

test('another key unseals nothing', () => {
  const other = randomBytes(32).toString('base64');

  expect(() => unseal(seal(page, key), other)).toThrow();
});

test('a change of any byte is noticed', () => {
  const sealed = sealedOf('hunter2');

  for (const [index, byte] of sealed.entries()) {
    const changed = Buffer.from(sealed);
    changed[index] = byte ^ 1;
    expect(() => unseal({ sealed: changed.toString('base64') }, key)).toThrow();
  }
});

test('a sealed text that was cut short is refused at every length, also where only part of its tag is left', () => {
  for (const secret of ['hunter2', '']) {
    const sealed = sealedOf(secret);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unseal({ sealed: sealed.subarray(0, length).toString('base64') }, key), `${length} of ${sealed.length} bytes`).toThrow();
    }
  }
});

test('an error about what cannot be unsealed shows neither secret nor key', () => {
  const shown = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return String(error) + ((error as Error).stack ?? '');
    }
    return '';
  };
  const text = shown(() => unseal(seal(page, key), randomBytes(32).toString('base64')));

  expect(text).not.toBe('');
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain(key);
});
