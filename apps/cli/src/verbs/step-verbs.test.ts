import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stepVerbsText } from './step-verbs-text.ts';
import { loadProgram } from '../program.ts';
import { verbDescriptions } from '@isesim/scenario';

test('the verbs are those of the steps', () => {
  expect(readFileSync(join(import.meta.dirname, 'step-verbs.generated.ts'), 'utf8')).toBe(stepVerbsText());
});

test.each(verbDescriptions().map(({ verb, flags }) => [verb, flags] as const))('isesim %s has a flag for each field', async (verb, flags) => {
  const words = verb.split(' ');
  const program = await loadProgram(words);
  const command = words.reduce((at, word) => at?.commands.find((each) => each.name() === word) ?? at, program);
  expect(command.name()).toBe(words.at(-1));
  const options = command.options.map(({ long }) => long);
  for (const { field, secret } of flags) {
    const flag = `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    expect(options).toContain(secret === undefined ? flag : `${flag}-file`);
    if (secret !== undefined) expect(options).not.toContain(flag);
  }
});
