import { inspect } from 'node:util';
import { Problem } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { parseTopology } from './parse-topology.ts';
import { TopologyError } from './topology-error.ts';

const oneNode = 'nodes: [{ name: ise, pan: primary, mnt: primary, psn: true }]';

/** The lines of the error's message; none when the text is a topology. */
function mistakes(text: string, env: Record<string, string> = {}): string[] {
  try {
    parseTopology(text, { file: 't.yaml', env });
    return [];
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    return error.message.split('\n');
  }
}

/** Of a topology that is right but for `lines`, which begin at line 3. */
function mistakesOf(lines: string, env?: Record<string, string>): string[] {
  return mistakes(`name: t\n${oneNode}\n${lines}`, env);
}

/** The same for `nodes`, whose items begin at line 3. */
function mistakesOfNodes(items: string): string[] {
  return mistakes(`name: t\nnodes:\n${items}`);
}

describe('a mistake is told with its place, the value and what to write instead', () => {
  test.each<[string, string, string[]]>([
    ['a key that is almost right', 'domian: ise.example', ['t.yaml:3:1: unknown key "domian"; did you mean domain?']],
    ['a key in another spelling', 'Internal_Users: []', ['t.yaml:3:1: unknown key "Internal_Users"; did you mean internalUsers?']],
    [
      'a key that resembles none',
      'proxy: { hostess: x, host: p, port: 80 }',
      [
        't.yaml:3:10: unknown key "hostess" in proxy; write one of host, port, bypass, or leave it out',
      ],
    ],
    ['a key that JavaScript knows', '__proto__: 1', [expect.stringContaining('t.yaml:3:1: unknown key "__proto__"; ')]],
    ['a key that is no word', '[a]: 1', ['t.yaml:3:1: a key must be a word; write key: value']],
    ['a key twice', 'domain: a.example\ndomain: b.example', ['t.yaml:4:1: "domain" is written twice; write it once']],
    [
      'a key twice, deeper',
      'guestEmail:\n  enabled: true\n  enabled: false',
      ['t.yaml:5:3: "enabled" is written twice in guestEmail; write it once'],
    ],
    [
      'a word that is almost right',
      'sponsors: [{ name: s, email: s@x.example, group: ALL_ACOUNTS }]',
      ['t.yaml:3:50: sponsors[0].group is "ALL_ACOUNTS"; write ALL_ACCOUNTS, GROUP_ACCOUNTS or OWN_ACCOUNTS; did you mean ALL_ACCOUNTS?'],
    ],
    ['a word for a switch', 'guestEmail: { enabled: yes }', ['t.yaml:3:24: guestEmail.enabled is "yes"; write true or false']],
    ['a number out of range', 'smtpServer: { host: mail.example, port: 70000 }', ['t.yaml:3:41: smtpServer.port is 70000; write a whole number from 1 to 65535']],
    ['a text for a number', 'smtpServer: { host: mail.example, port: "25" }', ['t.yaml:3:41: smtpServer.port is "25"; write a whole number from 1 to 65535']],
    ['a version without quotes', 'iseVersion: 3.5', ['t.yaml:3:13: iseVersion is 3.5; write version and patch in quotes, as "3.5P1"']],
    ['a host that is none', 'smtpServer: { host: a b }', ['t.yaml:3:21: smtpServer.host is "a b"; write a host name or an address, as smtp.office365.com']],
    ['a day that does not exist', 'startTime: 2026-02-30', ['t.yaml:3:12: startTime is "2026-02-30"; write a date, as 2026-02-02 or 2026-02-02T05:00:00Z']],
    [
      'a timeout of no seconds',
      'smtpServer: { host: mail.example, connectionTimeout: 0 }',
      ['t.yaml:3:54: smtpServer.connectionTimeout is 0; write a number of seconds from 1 to 86400, or a duration, as 60s'],
    ],
    [
      'a mail address without domain',
      'alarmNotification:\n  additionalRecipients:\n    - ops@contoso.example\n    - ops',
      ['t.yaml:6:7: alarmNotification.additionalRecipients[1] is "ops"; write a mail address, as no-reply@contoso.onmicrosoft.com'],
    ],
    ['a host name with a space', 'domain: ise example', ['t.yaml:3:9: domain is "ise example"; write a host name in lower case, as smtp.office365.com']],
    ['a section without content', 'portals:', ['t.yaml:3:9: portals is empty; write a list']],
    ['a map for a list', 'portals: { name: a }', ['t.yaml:3:10: portals is a map; write a list']],
    ['a text for a map', 'guestEmail: on', ['t.yaml:3:13: guestEmail is a text; write a map of enabled, from or useSponsorAddress']],
    ['a missing field', 'portals:\n  - name: a', ['t.yaml:4:5: portals[0].type is missing; write self-registration or sponsor']],
    ['an unknown way to authenticate', 'smtpServer: { host: h, authentication: { type: exchange-oauth } }', [expect.stringContaining('t.yaml:3:48: smtpServer.authentication.type is "exchange-oauth"; write none, password or exchange-online-oauth')]],
    ['a control character', 'sponsors: [{ name: "a\\nBcc: x", email: s@x.example }]', ['t.yaml:3:20: sponsors[0].name is "a\\nBcc: x"; write a name of 1 to 100 characters']],
  ])('%s', (_, lines, expected) => {
    expect(mistakesOf(lines)).toEqual(expected);
  });

  test('names of the deployment and of nodes are lower case letters, digits and dashes', () => {
    expect(mistakes(`name: My_Lab\n${oneNode.replace('ise', '-ise')}`)).toEqual([
      't.yaml:1:7: name is "My_Lab"; write lower case letters, digits and dashes, at most 40, with no dash at the ends',
      't.yaml:2:17: nodes[0].name is "-ise"; write lower case letters, digits and dashes, at most 63, with no dash at the ends',
    ]);
  });

  test('name and nodes are missing', () => {
    expect(mistakes('# nothing yet\ndomain: ise.example')).toEqual([
      expect.stringMatching(/^t\.yaml:2:1: name is missing; write /),
      't.yaml:2:1: nodes is missing; write a list',
    ]);
  });
});

describe('all mistakes are told at once, in the order of the file', () => {
  const text = `name: T
nodes:
  - { name: ise-1, pan: primry, mnt: secondary }
  - { name: ise-2, mnt: primary, psm: true }
  - { name: psn, psn: true, count: 2 }
  - { name: psn-2, psn: true }
guests:
  - { type: Contracter, validFor: 5d }
guests: []
domain: \${DOMAIN}
faults: [{ to: nat, fault: loss }]
network: { hosts: { relay.example: 127.0.0.1 } }
`;

  test('whatever their kind: writing, variables, fields, rules, not supported', () => {
    expect(mistakes(text)).toEqual([
      't.yaml:1:7: name is "T"; write lower case letters, digits and dashes, at most 40, with no dash at the ends',
      't.yaml:3:25: nodes[0].pan is "primry"; write primary or secondary; did you mean primary?',
      't.yaml:4:34: unknown key "psm" in nodes[1]; did you mean psn?',
      't.yaml:6:13: nodes[3].name makes a second "psn-2"; write another name',
      't.yaml:9:1: "guests" is written twice; write it once',
      't.yaml:10:9: domain: the environment variable DOMAIN is not set; set it, or write ${DOMAIN:-default}',
      't.yaml:11:16: faults[0].to is "nat", which is no host that ISE uses; write one; did you mean nats?',
      't.yaml:12:36: network.hosts["relay.example"] is "127.0.0.1", which nothing plays; write one of Microsoft\'s names, as smtp.office365.com or login.microsoftonline.com',
    ]);
  });

  test('and none that only follows from another', () => {
    // With `pan: primry` put right there is a primary PAN; with `psm` put right ise-2 still has a persona.
    expect(mistakes(text).join('\n')).not.toMatch(/no primary PAN|no persona/);
  });

  test('as a wrong input with fields', () => {
    const error = (() => {
      try {
        return parseTopology('name: T\nnodes: 3', { file: 'lab.yaml', env: {} });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({
      kind: 'wrong input',
      code: 'topology',
      mistakes: [
        { file: 'lab.yaml', line: 1, column: 7, path: 'name', message: expect.stringContaining('name is "T"; ') },
        { file: 'lab.yaml', line: 2, column: 8, path: 'nodes', message: 'nodes is a number; write a list' },
      ],
    });
  });
});

describe('what ISE demands of the nodes', () => {
  test.each<[string, string, string[]]>([
    [
      'a primary PAN and a primary MnT',
      '  - { name: ise-1, pan: secondary, psn: true }',
      ['t.yaml:2:1: nodes has no primary PAN; write pan: primary on one node', 't.yaml:2:1: nodes has no primary MnT; write mnt: primary on one node'],
    ],
    [
      'one primary, one secondary',
      `  - { name: a, pan: primary, mnt: primary }
  - { name: b, pan: primary }
  - { name: c, mnt: secondary }
  - { name: d, mnt: secondary }`,
      [
        't.yaml:4:21: nodes[1].pan is "primary", but there is a primary PAN already, a; write secondary',
        't.yaml:6:21: nodes[3].mnt is "secondary", but there is a secondary MnT already, c, and ISE has at most 2; leave it out',
      ],
    ],
    [
      'one primary, also by count',
      '  - { name: a, pan: primary, mnt: primary, psn: true, count: 2 }',
      [
        't.yaml:3:21: nodes[0].pan is "primary", but there is a primary PAN already, a-1; write secondary',
        't.yaml:3:35: nodes[0].mnt is "primary", but there is a primary MnT already, a-1; write secondary',
      ],
    ],
    [
      'every persona on a standalone node',
      '  - { name: a, pan: primary, mnt: primary }',
      ['t.yaml:3:5: a is the only node, and a standalone node has every persona; add psn: true'],
    ],
    [
      'a persona on every node',
      '  - { name: a, pan: primary, mnt: primary }\n  - { name: b, psn: false }',
      ['t.yaml:4:5: nodes[1], b, has no persona; add pan: primary or secondary, mnt: primary or secondary, or psn: true'],
    ],
    [
      'at most 50 PSNs',
      '  - { name: a, pan: primary, mnt: primary }\n  - { name: psn, psn: true, count: 40 }\n  - { name: more, psn: true, count: 11 }',
      ['t.yaml:5:24: nodes[2].psn is true on 51 nodes, and ISE has at most 50 PSNs; write fewer, or limits: off'],
    ],
    [
      'different names and FQDNs',
      `  - { name: psn, psn: true, count: 2 }
  - { name: psn-2, pan: primary }
  - { name: b, mnt: primary, fqdn: psn-1.ise.example }`,
      ['t.yaml:4:13: nodes[1].name makes a second "psn-2"; write another name', 't.yaml:5:36: nodes[2].fqdn makes a second "psn-1.ise.example"; write another name'],
    ],
    [
      'names that isesim does not use itself',
      '  - { name: a, pan: primary, mnt: primary }\n  - { name: operator, psn: true }',
      ['t.yaml:4:13: nodes[1].name is "operator", which isesim uses itself; write another name'],
    ],
    [
      'host names of at most 63 characters, with the number',
      `  - { name: a, pan: primary, mnt: primary }\n  - { name: ${'p'.repeat(62)}, psn: true, count: 1 }`,
      [expect.stringMatching(/^t\.yaml:4:13: nodes\[1\]\.name makes "p{60}…", 64 characters with the number; write a name that stays within 63$/)],
    ],
    [
      'FQDN and address for one node alone',
      '  - { name: a, pan: primary, mnt: primary }\n  - { name: p, psn: true, count: 2, fqdn: p.x, realAddress: 192.0.2.1 }',
      [
        't.yaml:4:43: nodes[1].fqdn is "p.x" for 2 nodes; leave it out, or write the nodes one by one',
        't.yaml:4:48: nodes[1].realAddress: "192.0.2.1" is not supported yet; leave it out',
        't.yaml:4:61: nodes[1].realAddress is "192.0.2.1" for 2 nodes; leave it out, or write the nodes one by one',
      ],
    ],
    [
      'node groups of PSNs',
      '  - { name: a, pan: primary, mnt: primary, nodeGroup: west }\n  - { name: p, psn: true, nodeGroup: west }',
      [
        't.yaml:3:44: nodes[0].nodeGroup: "west" is not supported yet; leave it out',
        't.yaml:3:55: nodes[0].nodeGroup is "west", but only PSNs have node groups; add psn: true, or leave it out',
        't.yaml:4:27: nodes[1].nodeGroup: "west" is not supported yet; leave it out',
      ],
    ],
    [
      'a bearable number',
      `  - { name: a, pan: primary, mnt: primary }\n${Array.from({ length: 11 }, (_, index) => `  - { name: p${index}, psn: true, count: 1000 }`).join('\n')}\nlimits: off`,
      ['t.yaml:2:1: nodes makes 11001 nodes; write at most 10000'],
    ],
  ])('%s', (_, items, expected) => {
    expect(mistakesOfNodes(items)).toEqual(expected);
  });

  test('limits: off lets a deployment have more PSNs', () => {
    expect(mistakesOfNodes('  - { name: a, pan: primary, mnt: primary }\n  - { name: psn, psn: true, count: 500 }\nlimits: off')).toEqual([]);
  });
});

describe('what PAN failover needs', () => {
  const refused = expect.stringContaining('panFailover is not supported yet');
  const pair = '  - { name: a, pan: primary, mnt: secondary }\n  - { name: b, pan: secondary, mnt: primary }\n';
  const withPsns = `${pair}  - { name: psn, psn: true, count: 2 }\n`;

  test.each<[string, string, unknown[]]>([
    ['a third node', `${pair}panFailover: { healthCheckNodes: { primary: a, secondary: b } }`, [
      expect.stringContaining('panFailover needs a third node for the health check, and there are 2; add a node, or leave panFailover out'),
      refused,
      't.yaml:5:45: panFailover.healthCheckNodes.primary is "a", which is a PAN; write a node that is none',
      't.yaml:5:59: panFailover.healthCheckNodes.secondary is "b", which is a PAN; write a node that is none',
    ]],
    ['health-check nodes that exist and are no PAN', `${withPsns}panFailover: { healthCheckNodes: { primary: pns-1, secondary: b } }`, [
      refused,
      't.yaml:6:45: panFailover.healthCheckNodes.primary is "pns-1", which is no node; write the name of one; did you mean psn-1?',
      't.yaml:6:63: panFailover.healthCheckNodes.secondary is "b", which is a PAN; write a node that is none, as psn-1 or psn-2',
    ]],
    ['times that ISE takes', `${withPsns}panFailover: { healthCheckNodes: { primary: psn-1, secondary: psn-2 }, pollingInterval: 6m, failedAttempts: 1 }`, [
      refused,
      't.yaml:6:89: panFailover.pollingInterval is "6m"; write a duration from 30s to 5m',
      't.yaml:6:109: panFailover.failedAttempts is 1; write a whole number from 2 to 60',
    ]],
    ['a secondary PAN', '  - { name: a, pan: primary }\n  - { name: b, mnt: primary }\n  - { name: p, psn: true }\npanFailover: { healthCheckNodes: { primary: p, secondary: b } }', [
      't.yaml:6:1: panFailover needs a secondary PAN, and there is none; write pan: secondary on a node, or leave panFailover out',
      refused,
    ]],
  ])('%s', (_, items, expected) => {
    expect(mistakesOfNodes(items)).toEqual(expected);
  });
});

describe('what ISE demands of settings and accounts', () => {
  test.each<[string, string, string[]]>([
    [
      'reminders before the password expires',
      'passwordPolicy:\n  administrators: { lifetimeDays: 20 }\n  internalUsers: { lifetimeDays: 30, reminderDays: 30 }',
      [
        't.yaml:4:19: passwordPolicy.administrators.reminderDays is 30, but a password lives 20 days; write less',
        't.yaml:5:52: passwordPolicy.internalUsers.reminderDays is 30, but a password lives 30 days; write less',
      ],
    ],
    [
      'guests of a type that exists, no longer than it allows',
      'guests:\n  - { type: Contracter }\n  - { type: Daily, validFor: 6d }\n  - { type: Weekly, validFor: 14d }\n  - { type: Weekly, validFor: 0s }',
      [
        't.yaml:4:13: guests[0].type is "Contracter", which is no guest type; write the name of one; did you mean Contractor?',
        't.yaml:5:30: guests[1].validFor is "6d", but Daily has at most 5 days; write 5d or less',
        't.yaml:7:31: guests[3].validFor is "0s"; write a duration above 0s, as 90s, 15m or 3d',
      ],
    ],
    [
      'names that differ',
      'guestTypes: [{ name: A }, { name: a }]\nportals: [{ name: p, type: sponsor }, { name: p, type: sponsor }]\nadministrators: [{ name: x, email: x@y.example }, { name: x, email: x@y.example }]',
      [
        't.yaml:3:35: guestTypes[1].name is "a", which is there already; write another',
        't.yaml:4:47: portals[1].name is "p", which is there already; write another',
        't.yaml:5:59: administrators[1].name is "x", which is there already; write another',
      ],
    ],
    [
      'faults at nodes that are there, on the way to hosts that ISE uses',
      'faults:\n  - { node: pns-1, to: smtp.office365.com, fault: timeout }\n  - { to: smtp.ofice365.com, fault: slow, delay: 3 }\n  - { to: nats, fault: timeout }\n  - { to: login.microsoftonline.com, fault: lost }\n  - { fault: token-429, stage: auth }\n  - { to: login.microsoftonline.com, fault: loss, rate: 2 }',
      [
        't.yaml:4:13: faults[0].node is "pns-1", which is no node; write the name of one, as ise',
        't.yaml:5:11: faults[1].to is "smtp.ofice365.com", which is no host that ISE uses; write one; did you mean smtp.office365.com?',
        't.yaml:5:50: faults[1].delay is 3; write a duration above 0s, as 90s, 15m or 3d',
        't.yaml:7:45: faults[3].fault is "lost"; write timeout, hang, untrusted, reset, slow, loss, wrong-dns, token-429, token-503, exchange-421, exchange-432 or exchange-451; did you mean loss?',
        't.yaml:8:25: unknown key "stage" in faults[4]; write one of fault, count, retryAfter, or leave it out',
        't.yaml:9:57: faults[5].rate is 2; write a number above 0, at most 1',
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(mistakesOf(lines)).toEqual(expected);
  });

  test('a host that the settings name is one that ISE uses', () => {
    expect(mistakesOf('smtpServer: { host: mail.example }\nfaults: [{ to: mail.example, fault: hang }]')).toEqual([]);
  });

  test.each([
    ['3.1P9', 'write 3.2P8, 3.3P8, 3.4P4, 3.5P1 or later'],
    ['2.7', 'write 3.2P8, 3.3P8, 3.4P4, 3.5P1 or later'],
    ['3.2P7', 'write "3.2P8" or later'],
    ['3.3', 'write "3.3P8" or later'],
    ['3.4P3', 'write "3.4P4" or later'],
    ['3.5', 'write "3.5P1" or later'],
  ])('ISE %s cannot send with OAuth, and the message names the patch', (version, remedy) => {
    const expected = [`t.yaml:3:13: iseVersion is "${version}", which cannot send with OAuth; ${remedy}, or an smtpServer without OAuth`];
    expect(mistakesOf(`iseVersion: "${version}"`)).toEqual(expected);
    expect(mistakesOf(`iseVersion: "${version}"\nsmtpServer: { host: mail.example }`)).toEqual([]);
  });

  test.each(['3.2P8', '3.3P10', '3.4P4', '3.5P1', '3.6', '4.0'])('ISE %s can', (version) => {
    expect(mistakesOf(`iseVersion: "${version}"`)).toEqual([]);
  });
});

describe('another host name leads to one that is played', () => {
  test.each([
    ['{ relay.example: mail.example }', 't.yaml:3:36: network.hosts["relay.example"] is "mail.example", which nothing plays; write one of Microsoft\'s names, as smtp.office365.com or login.microsoftonline.com'],
    ['{ smtp.office365.com: smtp.office365.com }', 't.yaml:3:21: network.hosts["smtp.office365.com"]: this name is Microsoft\'s own; leave it out'],
  ])('%s does not', (hosts, expected) => {
    expect(mistakesOf(`network: { hosts: ${hosts} }`)).toEqual([expected]);
  });

  test('and a fault may stand on the way to it', () => {
    const lines = 'network: { hosts: { smtp.contoso.example: smtp.office365.com } }\nfaults: [{ to: smtp.contoso.example, fault: hang }]';
    expect(mistakesOf(lines)).toEqual([]);
  });
});

describe('a field whose behaviour does not exist yet is refused by name', () => {
  test.each([
    ['portals: [{ name: p, type: sponsor, requireApproval: true }]', 't.yaml:3:37: portals[0].requireApproval: true is not supported yet; write false'],
  ])('%s', (lines, expected) => {
    expect(mistakesOf(lines)).toEqual([expected]);
  });

  test('unless it has its default value', () => {
    const lines = `guestEmail: { useSponsorAddress: false }
portals: [{ name: p, type: sponsor, requireApproval: false }]
faults: []
network: { hosts: {} }`;
    expect(mistakesOf(lines)).toEqual([]);
  });
});

describe('variables', () => {
  const domainOf = (value: string, env: Record<string, string>) =>
    parseTopology(`name: t\n${oneNode}\ndomain: ${value}`, { file: 't.yaml', env }).domain;

  test('are filled in from the environment, or from their defaults', () => {
    expect(domainOf('${A}.${B:-example}', { A: 'ise' })).toBe('ise.example');
    expect(domainOf('"${A:-lab}.example"', { A: '' })).toBe('lab.example');
  });

  test('are filled in once, and in values only', () => {
    expect(mistakesOf('domain: ${A}', { A: '${B}', B: 'b.example' })).toEqual([expect.stringContaining('domain is "${A}", filled in from')]);
    expect(mistakesOf('${A}: b', { A: 'domain' })).toEqual([expect.stringContaining('unknown key "${A}"')]);
  });

  test('come after parsing: a value cannot add fields', () => {
    expect(mistakesOf('domain: ${A}', { A: 'x.example\nlimits: off' })).toHaveLength(1);
  });

  test.each([
    ['one that is not set', '${HOME_OF_ISE}', 'domain: the environment variable HOME_OF_ISE is not set; set it, or write ${HOME_OF_ISE:-default}'],
    ['one that every object has', '${constructor}', 'domain: the environment variable constructor is not set; set it, or write ${constructor:-default}'],
    ['something that is none', '"${A-B}"', 'domain: contains ${ without a variable; write ${NAME} or ${NAME:-default}'],
    ['a very long one', '${LONG}${LONG}', 'domain: its environment variables are longer than 10000 characters; write a shorter value'],
  ])('%s is a mistake at its place', (_, value, message) => {
    expect(mistakesOf(`domain: ${value}`, { LONG: 'x'.repeat(9_000) })).toEqual([`t.yaml:3:9: ${message}`]);
  });

  test('are shown by name, never by value', () => {
    expect(mistakesOf('domain: ${A}', { A: 'Hunter2' })).toEqual([
      't.yaml:3:9: domain is "${A}", filled in from the environment; write a host name in lower case, as smtp.office365.com',
    ]);
  });
});

describe('a secret', () => {
  const oauth = `smtpServer:
  host: smtp.office365.com
  authentication:
    type: exchange-online-oauth
    emailAddress: a@b.example
    clientId: c
    tenantId: t
    clientSecret: hunter2
    expiryDate: 2026-08-01
microsoft365:
  applications:
    - name: isesim
      clientId: 7d8f0c1e-1111-4222-8333-444455556666
      applicationObjectId: 0a0a0a0a-0000-4000-8000-000000000001
      enterpriseObjectId: 0b0b0b0b-0000-4000-8000-000000000002
      secrets: [{ value: hunter2, expires: 2026-08-01 }]
`;

  test('comes out as one that shows itself to nobody', () => {
    const topology = parseTopology(`name: t\n${oneNode}\n${oauth}`, { file: 't.yaml', env: {} });
    const { authentication } = topology.smtpServer;
    expect(authentication.type === 'exchange-online-oauth' && authentication.clientSecret.reveal()).toBe('hunter2');
    expect(topology.microsoft365.applications[0]?.secrets[0]?.value.reveal()).toBe('hunter2');
    expect(inspect(topology, { depth: 20 }) + JSON.stringify(topology)).not.toContain('hunter2');
  });

  test.each([
    ['a list', 'clientSecret: [hunter2]'],
    ['a map', 'clientSecret: { hunter2: 1 }'],
    ['a map that is not closed', 'clientSecret: { hunter2: 1'],
    ['twice', 'clientSecret: hunter2\n    clientSecret: hunter2'],
    ['under a misspelt key', 'clientSecrt: hunter2'],
    ['with a control character', 'clientSecret: "\\u0007hunter2"'],
    ['with an unknown escape', 'clientSecret: "\\hunter2"'],
    ['with a colon', 'clientSecret: hunter2: hunter2'],
    ['with a quote that is not closed', 'clientSecret: "hunter2'],
    ['after a bar', 'clientSecret: |hunter2'],
    ['after an ampersand', 'clientSecret: &hunter2'],
    ['after an asterisk', 'clientSecret: *hunter2'],
    ['after an exclamation mark', 'clientSecret: !hunter2'],
    ['after an at sign', 'clientSecret: @hunter2'],
    ['after a per cent sign', 'clientSecret: %hunter2'],
    ['beside a stray variable', 'clientSecret: "hunter2${"'],
    ['far too long', `clientSecret: ${'hunter2'.repeat(1000)}`],
    ['where the map around it belongs', 'clientSecret: x\nsmtpServer: hunter2\n  authentication: hunter2'],
  ])('is in no message when it is written wrong: %s', (_, lines) => {
    const found = mistakesOf(oauth.replace('clientSecret: hunter2', lines)).join('\n');
    expect(found).not.toBe('');
    expect(found).not.toContain('hunter2');
  });

  test('is in no message when it stands in place of a map', () => {
    const found = mistakesOf('smtpServer: { host: h, authentication: hunter2 }\nmicrosoft365: { applications: [hunter2] }').join('\n');
    expect(found).toContain('t.yaml:3:40: smtpServer.authentication is a text; write a map with type: ');
    expect(found).not.toContain('hunter2');
  });

  test('from the environment is in no message, wherever it was put', () => {
    const lines = 'domain: ${S}\nportals: [{ name: "${S}\\n", type: "${S}" }]\nsmtpServer: "${S}"\nguests: [{ type: "${S}" }]';
    expect(mistakesOf(lines, { S: 'Hunter2' }).join('\n')).not.toContain('Hunter2');
  });
});
