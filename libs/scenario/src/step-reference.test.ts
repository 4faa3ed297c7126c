import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withStepReference } from './step-reference.ts';
import { allSteps, stepsNotSupportedYet } from './steps.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/scenarios.md'), 'utf8');

describe('the reference of steps on the page', () => {
  it('is the one that the steps give', () => {
    expect(page).toBe(withStepReference(page));
  });

  it.each(allSteps.map(([name]) => [name]))('has a section for %s, and leads to it', (name) => {
    expect(page).toContain(`| [\`${name}\`](#${name.toLowerCase()}) | `);
    expect(page).toContain(`\n### ${name}\n`);
  });

  it.each([
    ['a field that is required', '| `email` | text | required | The guest\'s mail address. |'],
    ['a field with a fixed default', '| `severity` | `Critical`, `Warning` or `Info` | `Warning` | How bad it is. |'],
    ['a field whose default follows from others', '| `node` | node | the first that runs | The PSN that serves the portal. |'],
    ['a field that can be left out', '| `port` | whole number from 1 to 65535 | – | SMTP port. |'],
    ['a field that is a list', '| `duties` | list of `primary PAN` or `active MnT` | – | '],
    ['a field that can be a map too', '` or map | – | How the node proves who it is'],
    ['a short form', 'Short form: `kill: <node>`.'],
  ])('has %s', (_, text) => {
    expect(page).toContain(text);
  });

  it('names every step that is not supported yet', () => {
    const [, section = ''] = page.split('## Steps that are not supported yet');
    expect([...section.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(stepsNotSupportedYet);
  });

  it('is not written into a page without its marks', () => {
    expect(() => withStepReference('# A page')).toThrow('the page lacks <!-- generated: ');
  });
});
