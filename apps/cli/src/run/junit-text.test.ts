import type { ScenarioResult } from '@isesim/scenario';
import { expect, it } from 'vitest';
import { junitText } from './junit-text.ts';

const passed: ScenarioResult = { file: 'a.yaml', name: 'A passes', seed: 1, outcome: 'passed', steps: [], audit: { judged: 1, findings: [] }, wallMs: 1_500, simulatedMs: 0 };
const failed: ScenarioResult = {
  ...passed,
  name: 'B fails: <"mail"> & more',
  seed: 7,
  outcome: 'failed',
  steps: [
    { step: 'advance', line: 4, outcome: 'passed', message: '' },
    { step: 'expectMail', line: 5, outcome: 'failed', message: 'expected  \u0007bell ]]> & <tag>\nfound     none' },
    { step: 'heal', line: 6, outcome: 'skipped', message: '' },
  ],
};
const hung: ScenarioResult = { ...passed, outcome: 'error', audit: null, message: 'it did not end within 5 s' };
const wrongNode: ScenarioResult = { ...passed, outcome: 'failed', audit: { judged: 1, findings: [{ mail: '0123', rule: 'node table', message: 'alarm mail was sent by psn-1' }] } };

it('has a test case for each scenario, and counts how they ended', () => {
  const text = junitText([passed, failed, hung]);
  expect(text).toContain('<testsuite name="isesim" tests="3" failures="1" errors="1" time="4.500">');
  expect(text).toContain('    <testcase classname="a.yaml" name="A passes" time="1.500"/>\n');
  expect(text).toContain('<error message="it did not end within 5 s">seed 1&#10;it did not end within 5 s</error>');
});

it('says why a scenario failed, and with which seed', () => {
  const text = junitText([failed]);
  expect(text).toContain('name="B fails: &lt;&quot;mail&quot;&gt; &amp; more"');
  expect(text).toContain('<failure message="a.yaml:5: expectMail">seed 7&#10;a.yaml:5: expectMail&#10;expected  \ufffdbell ]]&gt; &amp; &lt;tag&gt;&#10;found     none</failure>');
});

it('tells what the audit found', () => {
  expect(junitText([wrongNode])).toContain('<failure message="audit: mail 0123: alarm mail was sent by psn-1">');
});

it('is well-formed whatever a scenario is called', () => {
  const names = ['', '&amp;', ']]>', '<!--', '"\'', '\u0000\u001b[31m\ufffe', '\ud800 alone', 'tab\tand\nline', '😀'];
  const text = junitText(names.map((name) => ({ ...failed, name, file: name, message: name })));
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
  expect(openTags(text)).toEqual([]);
});

/** The tags that are not closed, once every tag was matched with its end; throws for what is no XML. */
function openTags(xml: string): string[] {
  const open: string[] = [];
  const rest = xml.replace(/^<\?xml[^?]*\?>/, '').replaceAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, end: string, name: string, _attributes: string, alone: string) => {
    if (end !== '' && open.pop() !== name) throw new Error(`</${name}> ends nothing`);
    if (end === '' && alone === '') open.push(name);
    return '';
  });
  if (/[<>]|&(?!(?:amp|lt|gt|quot|#10);)/.test(rest + xml.replaceAll(/<[^<]*>/g, ''))) throw new Error(`left over: ${rest}`);
  return open;
}
