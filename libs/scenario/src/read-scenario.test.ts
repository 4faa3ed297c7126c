import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario, readScenarios } from './read-scenario.ts';
import { ScenarioError } from './scenario.ts';
import { stepsNotSupportedYet } from './steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'isesim-scenario-'));
beforeAll(() => {
  writeFileSync(join(folder, 'small.yaml'), 'name: small\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary }\n  - { name: psn, psn: true, count: 2 }\n');
  writeFileSync(join(folder, 'wrong.yaml'), 'name: small\nnodes:\n  - { name: ise-1, pan: primry, mnt: primary, psn: true }\n');
});
afterAll(() => { rmSync(folder, { recursive: true }); });

const head = 'name: t\ntopology: small.yaml\nsteps:\n';

function fileOf(text: string, name = 'scenario.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function stepsOf(steps: string) {
  return readScenario(fileOf(head + steps), env).then((scenario) => scenario.steps);
}

const env = { HOME: '/home/ana', EMPTY: '', TOPOLOGY: 'small' };

/** What is wrong, each as `line:column: message`. */
async function mistakesIn(text: string): Promise<string[]> {
  const error: unknown = await readScenario(fileOf(text), env).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ScenarioError);
  const { kind, mistakes } = error as ScenarioError;
  expect(kind).toBe('wrong input');
  return mistakes.map(({ line, column, message }) => `${line}:${column}: ${message.replaceAll(`${folder}/`, '')}`);
}

describe('a file without mistakes', () => {
  it('is a scenario: seed 1 and inline, unless it says otherwise', async () => {
    expect(await readScenario(fileOf(`${head}- saveSmtp\n`), env)).toMatchObject({ name: 't', seed: 1, isolation: 'inline', topology: { name: 'small' } });
    expect(await readScenario(fileOf(`seed: 7\nisolation: process\n${head}- saveSmtp\n`), env)).toMatchObject({ seed: 7, isolation: 'process' });
  });

  it('finds its topology from its own folder, also by a variable of the environment', async () => {
    mkdirSync(join(folder, 'deeper'), { recursive: true });
    const path = fileOf('name: t\ntopology: ../${TOPOLOGY}.yaml\nsteps: [saveSmtp]\n', 'deeper/s.yaml');
    expect((await readScenario(path, env)).topology.name).toBe('small');
    expect((await readScenario(fileOf(`name: t\ntopology: ${join(folder, 'small.yaml')}\nsteps: [saveSmtp]\n`), env)).topology.name).toBe('small');
  });

  it.each<[string, string, object]>([
    ['a map of fields', '- kill: { node: psn-1 }', { step: 'kill', fields: { node: 'psn-1' }, line: 4 }],
    ['the one obvious field', '- kill: psn-1', { step: 'kill', fields: { node: 'psn-1' } }],
    ['a duration', '- advance: 2d', { step: 'advance', fields: { by: '2d' } }],
    ['a date', '- advance: 2026-03-01', { step: 'advance', fields: { to: '2026-03-01' } }],
    ['no field', '- saveSmtp:', { step: 'saveSmtp', fields: {} }],
    ['its name alone', '- saveSmtp', { step: 'saveSmtp', fields: {} }],
    ['what stands beside it', '- kill: psn-1\n  within: 90s\n  expectError: no node', { within: 90_000, expectError: 'no node' }],
    ['a name for what it makes', '- createGuest: { email: a@b, as: ana }', { fields: { email: 'a@b' }, as: 'ana' }],
    ['a map in the map, as a topology has it', '- setSmtp: { port: 25, authentication: { type: none, emailAddress: a@b } }', { fields: { port: 25, authentication: 'none', emailAddress: 'a@b' } }],
    ['a node that is not there, where an error is expected', '- kill: psn-9\n  expectError: no node', { fields: { node: 'psn-9' } }],
    ['a name from the environment', '- createGuest: "${env.HOME}"', { fields: { email: '${env.HOME}' } }],
    ['a default in the place of a name', '- createGuest: "${env.NONE:-a@b}"', { fields: { email: '${env.NONE:-a@b}' } }],
    ['a name of the tenant', '- createGuest: "${tenant.applications[0].clientId}"', {}],
    ['a name in the place of a number', '- expectMail: { count: "${env.HOME}" }', {}],
  ])('takes a step with %s', async (_, text, step) => {
    expect(await stepsOf(text)).toEqual([expect.objectContaining(step)]);
  });

  it('unfolds forEach: its steps once for each value, and each knows what its variables stand for', async () => {
    const steps = await stepsOf('- forEach: { node: psn }\n  steps:\n    - forEach: { what: [a, b] }\n      steps:\n        - raiseAlarm: { node: "${node}", name: "${what}" }\n    - kill: ${node}\n');
    expect(steps.map(({ step, line, variables }) => [step, line, variables])).toEqual([
      ['raiseAlarm', 8, { node: 'psn-1', what: 'a' }],
      ['raiseAlarm', 8, { node: 'psn-1', what: 'b' }],
      ['kill', 9, { node: 'psn-1' }],
      ['raiseAlarm', 8, { node: 'psn-2', what: 'a' }],
      ['raiseAlarm', 8, { node: 'psn-2', what: 'b' }],
      ['kill', 9, { node: 'psn-2' }],
    ]);
  });

  it.each([
    ['nodes', ['ise-1', 'psn-1', 'psn-2']],
    ['pan', ['ise-1']],
    ['mnt', ['ise-1']],
    ['psn', ['psn-1', 'psn-2']],
    ['purposes', ['guest-expiry', 'password-expiry', 'alarm', 'portal-notification', 'portal-test']],
  ])('forEach goes over %s', async (group, values) => {
    expect((await stepsOf(`- forEach: { each: ${group} }\n  steps: [saveSmtp]\n`)).map(({ variables }) => variables['each'])).toEqual(values);
  });
});

describe('a mistake is told at its place, with what to write instead', () => {
  it.each<[string, string, string[]]>([
    ['nothing but a name', 'name: t\n', ['1:1: topology is missing; write the path of a topology file', '1:1: steps is missing; write a list of steps']],
    ['no step', 'name: t\ntopology: small.yaml\nsteps: []', ['3:8: steps is a list; write at least one step']],
    ['values of the wrong kind', 'name: 5\ntopology: 5\nsteps: 5\n', ['1:7: name is 5; write a text', '2:11: topology is 5; write the path of a topology file', '3:8: steps is a number; write a list of steps']],
    ['a key that is not known', 'nam: t\nname: t\ntopology: small.yaml\nsteps: [saveSmtp]', ['1:1: unknown key "nam"; did you mean name?']],
    ['an odd seed', 'name: t\ntopology: small.yaml\nsteps: [saveSmtp]\nseed: -1', ['4:7: seed is -1; write a whole number from 0']],
    ['an odd isolation', 'name: t\ntopology: small.yaml\nsteps: [saveSmtp]\nisolation: inlin', ['4:12: isolation is "inlin"; write inline or process; did you mean inline?']],
    ['a topology that is not there', 'name: t\ntopology: none.yaml\nsteps: [saveSmtp]', ['2:11: its topology has a mistake: none.yaml:1:1: there is no such file; check the path']],
    ['a topology with a mistake', 'name: t\ntopology: wrong.yaml\nsteps: [saveSmtp]', ['2:11: its topology has a mistake: wrong.yaml:3:25: nodes[0].pan is "primry"; write primary or secondary; did you mean primary?']],
    ['a variable that is not set', 'name: t\ntopology: "${T}"\nsteps: [saveSmtp]', ['2:11: the environment variable T is not set; set it, or write ${T:-default}']],
    ['two mistakes that have nothing to do with each other', 'name: t\ntopology: none.yaml\nsteps:\n- kil: psn-1\n- login', ['2:11: its topology has a mistake: none.yaml:1:1: there is no such file; check the path', '4:3: unknown step "kil"; did you mean kill?', expect.stringMatching(/^5:3: /) as never]],
  ])('the file has %s', async (_, text, mistakes) => {
    expect(await mistakesIn(text)).toEqual(mistakes);
  });

  it.each<[string, string, ...string[]]>([
    ['a number', '- 5', '4:3: steps[0] is 5; write a step, as "advance: 2d"'],
    ['a list', '- []', '4:3: steps[0] is a list; write a step, as "advance: 2d"'],
    ['nothing', '-', '4:2: steps[0] is empty; write a step, as "advance: 2d"'],
    ['an empty map', '- {}', '4:3: steps[0] names no step; write one step behind each dash'],
    ['within alone', '- within: 5s', '4:3: steps[0] names no step; write one step behind each dash'],
    ['a near miss of a step', '- createGest: a@b', '4:3: unknown step "createGest"; did you mean createGuest?'],
    ['a near miss of forEach', '- forEech: { node: psn }\n  steps: [saveSmtp]', '4:3: unknown step "forEech"; did you mean forEach?'],
    ['two steps', '- kill: psn-1\n  start: psn-1', '4:3: steps[0] has 2 steps (kill, start); write one step behind each dash'],
    ['one step twice', '- kill: psn-1\n  kill: psn-2', '5:3: "kill" is written twice in steps[0]; write it once'],
    ['a near miss of within', '- kill: psn-1\n  wihtin: 5s', '5:3: unknown key "wihtin" beside kill; did you mean within?'],
    ['a near miss of expectError', '- kill: psn-1\n  expecterror: x', '5:3: unknown key "expecterror" beside kill; did you mean expectError?'],
    ['any other key beside it', '- kill: psn-1\n  colour: red', '5:3: unknown key "colour" beside kill; write within or expectError, or a step behind a dash of its own'],
    ['fields that are not indented', '- createGuest:\n  email: a@b\n  as: ana\n- expectMail: { to: "${ana.email}" }', '5:3: unknown key "email" beside createGuest; indent it below createGuest', '6:3: unknown key "as" beside createGuest; indent it below createGuest'],
    ['an odd within', '- kill: psn-1\n  within: soon', '5:11: within is "soon"; write a duration, as 90s, 15m or 3d'],
    ['an odd expectError', '- kill: psn-1\n  expectError: 5', '5:16: expectError is 5; write a part of the message'],
    ['an empty expectError', '- kill: psn-1\n  expectError: ""', '5:16: expectError is empty; write a part of the message'],
    ['no field where one is required', '- kill', '4:3: steps[0].node is missing; write the name of a node'],
    ['a list of fields', '- kill: [psn-1]', '4:9: kill is a list; write a text, or a map of node'],
    ['a text where there is no one obvious field', '- expectNode: ise-1', '4:15: expectNode is "ise-1"; write a map of node, status or duties'],
    ['a near miss of a field', '- kill: { node: psn-1, nod: 1 }', '4:24: unknown key "nod" in steps[0].kill; did you mean node?'],
    ['a field that is not known, beside a name', '- createGuest: { email: "${env.HOME}", nodee: psn-1 }', '4:40: unknown key "nodee" in steps[0].createGuest; did you mean node?'],
    ['a near miss of a word', '- expectMail: { purpose: alrm }', '4:26: steps[0].expectMail.purpose is "alrm"; write guest-expiry, password-expiry, alarm, portal-notification or portal-test; did you mean alarm?'],
    ['a near miss of a word in the one obvious field', '- expectMail: alrm', '4:15: steps[0].expectMail is "alrm"; write guest-expiry, password-expiry, alarm, portal-notification or portal-test; did you mean alarm?'],
    ['a number out of range', '- setSmtp: { port: 70000 }', '4:20: steps[0].setSmtp.port is 70000; write a whole number from 1 to 65535'],
    ['a number that is none', '- expectMail: { count: x }', '4:24: steps[0].expectMail.count is "x"; write a whole number from 0 to 1000000'],
    ['an odd duration', '- advance: soon', '4:12: steps[0].advance is "soon"; write a duration, as 3d, or a date, as 2026-03-01'],
    ['an odd date', '- advance: 2026-02-30', '4:12: steps[0].advance is "2026-02-30"; write a date, as 2026-02-02 or 2026-02-02T05:00:00Z'],
    ['a field that its fault does not take', '- fault: { to: nats, fault: wrong-dns, rate: 0.2 }', '4:46: steps[0].fault.rate is 0.2; leave it out: wrong-dns takes no "rate"'],
    ['a fault that stands nowhere', '- fault: { fault: timeout }', '4:10: steps[0].fault.to is missing; write it: timeout needs "to"'],
    ['a time that is neither', '- advance: tomorrow', '4:12: steps[0].advance is "tomorrow"; write a duration, as 3d, or a date, as 2026-03-01'],
    ['two fields of which one is to be given', '- advance: { by: 2d, to: 2026-03-01 }', '4:12: steps[0].advance is a map; write either by or to'],
    ['an odd item of a list', '- expectNode: { node: ise-1, duties: [PAN] }', '4:39: steps[0].expectNode.duties[0] is "PAN"; write primary PAN or active MnT'],
    ['an odd field of a map in the map', '- setSmtp: { authentication: { expiryDate: soon } }', '4:44: steps[0].setSmtp.authentication.expiryDate is "soon"; write a date, as 2026-02-02 or 2026-02-02T05:00:00Z'],
    ['an odd word in a map in the map', '- setSmtp: { authentication: { type: oauth } }', '4:38: steps[0].setSmtp.authentication.type is "oauth"; write none, password or exchange-online-oauth'],
    ['a near miss of a field of a map in the map', '- setSmtp: { authentication: { emailAdress: a@b } }', '4:32: unknown key "emailAdress" in steps[0].setSmtp.authentication; did you mean emailAddress?'],
    ['a secret of the wrong kind, which is not shown', '- setSmtp: { clientSecret: 1234 }', '4:28: steps[0].setSmtp.clientSecret is a number; write a text'],
    ['a secret that has slipped into its key, which is not shown', '- setSmtp: { clientSecre hunter2, port: 25 }', expect.stringMatching(/^4:14: unknown key "clientSecre…" in steps\[0\]\.setSmtp; /) as never],
    ['a near miss of a node', '- kill: isee-1', '4:9: node is "isee-1", which is no node of the topology; did you mean ise-1?'],
    ['a node that the topology has not', '- expectMail: { sentBy: backup }', '4:25: sentBy is "backup", which is no node of the topology; the topology has ise-1, psn-1, psn-2'],
    ['a near miss of a portal', '- createGuest: { email: a@b, portal: sponsr }', '4:38: portal is "sponsr", which is no portal of the topology; did you mean sponsor?'],
    ['a near miss of a guest type', '- createGuest: { email: a@b, type: Contractr }', '4:36: type is "Contractr", which is no guest type of the topology; did you mean Contractor?'],
    ['a sponsor that the topology has not', '- createGuest: { email: a@b, sponsor: joe }', '4:39: sponsor is "joe", which is no sponsor of the topology; the topology has sponsoruser'],
    ['an odd name for what it makes', '- createGuest: { email: a@b, as: 5 }', '4:34: as is 5; write a name, as ana'],
    ['a name that is taken', '- createGuest: { email: a@b, as: env }', '4:34: "env" means something else already; write another name'],
    ['a name for what it does not make', '- kill: { node: psn-1, as: x }', '4:28: this step makes nothing that has a name; leave "as" out'],
    ['a near miss of a name', '- createGuest: { email: a@b, as: ana }\n- expectMail: { to: "${anna.email}" }', '5:21: nothing before this step is named "anna"; did you mean ana?'],
    ['a name that only comes later', '- expectMail: { to: "${ana.email}" }\n- createGuest: { email: a@b, as: ana }', '4:21: nothing before this step is named "ana"; give a step before it "as: ana"'],
    ['braces without a name', '- expectMail: { to: "${}" }', '4:21: a ${…} here holds no name; write ${ana.email}, say'],
    ['braces that are not closed', '- expectMail: { to: "${env.HOME" }', '4:21: a ${…} here holds no name; write ${ana.email}, say'],
    ['a variable of the environment that is not set', '- expectMail: { to: "${env.NONE}" }', '4:21: ${env.NONE} stands for nothing: there is no "NONE"; set the environment variable, or write ${env.NONE:-default}'],
    ['a near miss in the tenant', '- expectMail: { to: "${tenant.aplications[0].clientId}" }', '4:21: ${tenant.aplications[0].clientId} stands for nothing: there is no "aplications"; did you mean applications?'],
    ['forEach without a variable', '- forEach: psn\n  steps: [saveSmtp]', '4:12: forEach is "psn"; write a map of one variable, as { node: psn }'],
    ['forEach with two variables', '- forEach: { node: psn, other: pan }\n  steps: [saveSmtp]', '4:12: forEach is a map; write a map of one variable, as { node: psn }'],
    ['forEach over what is no group', '- forEach: { node: psns }\n  steps: [saveSmtp]', '4:12: forEach goes over "psns"; write nodes, pan, mnt, psn or purposes, or a list of texts without ${…}'],
    ['forEach over names', '- forEach: { node: ["${env.HOME}"] }\n  steps: [saveSmtp]', '4:12: forEach goes over a list; write nodes, pan, mnt, psn or purposes, or a list of texts without ${…}'],
    ['forEach with a variable that is taken', '- forEach: { env: psn }\n  steps: [saveSmtp]', '4:14: "env" means something else already; write another name'],
    ['forEach without steps', '- forEach: { node: psn }', '4:3: forEach has no steps; write a list of them under "steps"'],
    ['forEach with no step', '- forEach: { node: psn }\n  steps: []', '4:3: forEach has no steps; write a list of them under "steps"'],
    ['forEach with something beside it', '- forEach: { node: psn }\n  steps: [saveSmtp]\n  within: 5s', '6:3: unknown key "within" beside forEach; write its steps under "steps"'],
    ['steps without forEach', '- steps: [saveSmtp]', '4:3: steps stands here without forEach; write forEach beside it, as { node: psn }'],
    ['a mistake in forEach, which is told once', '- forEach: { node: psn }\n  steps: [{ kill: "${nod}" }]', '5:19: nothing before this step is named "nod"; did you mean node?'],
    ['a key of objects', '- __proto__: 5', expect.stringMatching(/^4:3: unknown step "__proto__"/) as never],
    ['the name of a method of objects', '- toString', expect.stringMatching(/^4:3: unknown step "toString"; write one of createGuest, /) as never],
  ])('a step has %s', async (_, text, ...mistakes) => {
    expect(await mistakesIn(head + text)).toEqual(mistakes);
  });

  it('every mistake is told at once, in the order of the file', async () => {
    expect((await mistakesIn(`${head}- expectMail: { purpose: xyz, count: -1, sentBy: ise1 }\n- kil\n`)).map((mistake) => mistake.split(':', 2).join(':'))).toEqual(['4:26', '4:38', '4:50', '5:3']);
  });

  it.runIf(stepsNotSupportedYet.length > 0)('a step that is not supported yet is refused by its name', async () => {
    for (const name of stepsNotSupportedYet) expect(await mistakesIn(`${head}- ${name}: x\n`)).toEqual([`4:3: ${name} is not supported yet; leave it out`]);
  });

  it('what the environment holds is in no message', async () => {
    const path = fileOf(`${head}- kill: { node: "\${env.HOME}", nod: 1 }\n- raiseAlarm: { name: x, severity: "\${env.HOME:-x" }\n`);
    await expect(readScenario(path, { HOME: 'hunter2' })).rejects.toSatisfy((error: Error) => !error.message.includes('hunter2'));
  });
});

describe('several files', () => {
  it('are read together: every mistake in any, each told once', async () => {
    const good = fileOf(`${head}- saveSmtp\n`, 'good.yaml');
    const bad = fileOf(`${head}- kil\n`, 'bad.yaml');
    expect(await readScenarios([good, good], env)).toHaveLength(2);
    await expect(readScenarios([bad, good, join(folder, 'none.yaml'), bad], env)).rejects.toMatchObject({
      message: `${bad}:4:3: unknown step "kil"; did you mean kill?\n${join(folder, 'none.yaml')}:1:1: there is no such file; check the path`,
    });
  });
});

describe('a hostile file is refused quickly', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [of, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => pair.split(''))) bomb.push(`${name}: &${name} [${`*${of}, `.repeat(9)}*${of}]`);

  it.each<[string, string, RegExp]>([
    ['more than 1 MB', `${head}- saveSmtp #${'x'.repeat(1_000_000)}`, /^1:1: the file has 10\d{5} bytes and was not read/],
    ['an alias bomb', bomb.join('\n'), /^1:\d+: the file has more than 20000 values/],
    ['10,000 levels of forEach', `${head}${Array.from({ length: 10_000 }, (_, depth) => `${'  '.repeat(depth % 100)}- forEach: { n: psn }\n`).join('')}`, /^1:1: the file has more than 20000 words and signs|^\d+:\d+: /],
    ['forEach in forEach, many times over', `${head}${Array.from({ length: 12 }, (_, depth) => `${'  '.repeat(depth)}- forEach: { n${depth}: [${'a, '.repeat(20)}a] }\n${'  '.repeat(depth)}  steps:\n`).join('')}${'  '.repeat(12)}- saveSmtp\n`, /more than \d+ steps/],
    ['a text that is no map', '- a\n- b\n', /^1:1: the file is a list; write a map with at least name, topology and steps/],
    ['a text of control characters', `${head}- "\u0007"\n`, /^4:4: the file contains the character/],
    ['a topology that is a folder', 'name: t\ntopology: .\nsteps: [saveSmtp]\n', /^2:11: its topology has a mistake: .*this is a directory; name a file/],
    ['a topology that is a device', 'name: t\ntopology: /dev/zero\nsteps: [saveSmtp]\n', /^2:11: its topology has a mistake: .*this is a device; name a file/],
    ['thousands of names', `${head}- createGuest: "${'${a}'.repeat(5_000)}"\n`, /^4:16: nothing before this step is named "a"/],
    ['a name that is never closed', `${head}- createGuest: "${'${'.repeat(50_000)}"\n`, /^4:16: a \$\{…\} here holds no name/],
  ])('%s', async (_, text, message) => {
    const began = performance.now();
    expect((await mistakesIn(text))[0]).toMatch(message);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('a folder', async () => {
    await expect(readScenario(folder, env)).rejects.toThrow(`${folder}:1:1: this is a directory; name a file`);
  });
});
