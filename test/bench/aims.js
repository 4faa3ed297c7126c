// Every aim: ours, what it is measured against in the same run, and what is aimed at. Times in milliseconds unless said.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { bareMail } from './bare-mail.js';
import { connectedProcesses } from './bare-nodes.js';
import { bareProcesses } from './bare-processes.js';
import { bareWatch, bareWatchOfProcesses } from './bare-watch.js';

const root = join(import.meta.dirname, '../..');
const topology = (name) => join(root, 'topology', name);
/** What is measured is isesim, not what Exchange Online allows a mailbox. */
const withoutLimits = (name) => `${readFileSync(topology(name), 'utf8')}\nmicrosoft365: { limits: off }\n`;

const startsAtOnce = 4;
const mailsAtOnce = 300;
/** Before what is measured: what loads late has loaded, and the code is compiled, here as in the baseline. */
const mailsBefore = 100;
/** Real time goes on as it comes; stepped time has a fixed order of what happens. */
const [realTime, steppedTime] = ['as it comes', 'fixed'];

export const aims = [
  ...[realTime, steppedTime].map((order) => ({
    name: `boot of 54 processes, ${order}`,
    unit: 'ms',
    target: '≤ 1.3',
    baseline: () => connectedProcesses(54, startsAtOnce),
    beside: () => bareProcesses(54, startsAtOnce),
    ours: () => timed(async () => bootDeployment(topology('maximum.yaml'), { isolation: 'process', order })),
  })),
  {
    name: '54 nodes inline',
    unit: 'ms',
    target: '< 2000 ms',
    ours: () => timed(async () => bootDeployment(topology('maximum.yaml'))),
  },
  ...[realTime, steppedTime].map((order) => ({
    name: `whole mail path, ${mailsAtOnce} mails, ${order}`,
    unit: 'mails/s',
    target: '≥ 0.6',
    baseline: () => withDeployment(withoutLimits('demo.yaml'), { order }, (deployment) => bareMail(deployment, mailsBefore, mailsAtOnce)),
    ours: () => withDeployment(withoutLimits('demo.yaml'), { order }, oursMail),
  })),
  savedChange('inline', () => bareWatch(54)),
  savedChange('process', () => bareWatchOfProcesses(54, startsAtOnce)),
  {
    name: '90 idle days, 54 nodes',
    unit: 'ms',
    target: '90 days at 10⁶ × = 7776 ms',
    ours: () => withDeployment(topology('maximum.yaml'), {}, (deployment) => measure(() => deployment.clock.advance('90d'))),
  },
  {
    name: '90 days with 1,000 guests',
    unit: 'ms',
    target: 'seconds',
    ours: async () => {
      const text = `name: guests\nstartTime: 2026-02-02T05:00:00Z\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary, psn: true }\n  - { name: ise-2, pan: secondary, mnt: secondary, psn: true }\nguests:\n${Array.from({ length: 50 }, (_, index) => `  - { count: 20, type: Contractor, created: 2026-02-01T09:00:00Z, validFor: ${8 + index}d }`).join('\n')}\n`;
      const deployment = await bootDeployment(text);
      try {
        const ms = await measure(() => deployment.clock.advance('90d'));
        const mails = await deployment.mails({ purpose: 'guest-expiry' });
        if (mails.length !== 1000) throw new Error(`${mails.length} of 1000 notices`);
        return ms;
      } finally {
        await deployment.stop();
      }
    },
  },
  {
    name: 'memory of an inline node',
    unit: 'MB',
    target: '< 3 MB',
    ours: async () => {
      const small = await residentAfterBoot('small.yaml');
      const maximum = await residentAfterBoot('maximum.yaml');
      return (maximum - small) / 52;
    },
  },
];

async function oursMail(deployment) {
  await raiseAlarms(deployment, 'before', mailsBefore);
  const started = performance.now();
  await raiseAlarms(deployment, 'measured', mailsAtOnce);
  const ms = performance.now() - started;
  const mails = await deployment.mails({ purpose: 'alarm' });
  if (mails.length !== mailsBefore + mailsAtOnce) throw new Error(`${mails.length} of ${mailsBefore + mailsAtOnce} mails`);
  return (mailsAtOnce / ms) * 1000;
}

async function raiseAlarms(deployment, name, count) {
  await Promise.all(Array.from({ length: count }, (_, index) => deployment.raiseAlarm({ node: 'psn-1', name: `${name} ${index}` })));
  await deployment.mails();
}

/** From `smtp save` until the last node has said that it holds the revision; and, noted, until all have it on disk. */
function savedChange(isolation, baseline) {
  const durable = [];
  return {
    name: `a saved change usable on 54 nodes, ${isolation}`,
    unit: 'ms',
    target: '≤ 3',
    baseline,
    ours: () =>
      withDeployment(topology('maximum.yaml'), { isolation, order: realTime }, async (deployment) => {
        await deployment.setSmtp({ connectionTimeout: '45s' });
        await deployment.testConnection();
        const started = performance.now();
        const { revision } = await deployment.saveSmtp();
        while (deployment.status().some(({ settingsRevision }) => settingsRevision < revision)) await new Promise((resolve) => setImmediate(resolve));
        const usable = performance.now() - started;
        await deployment.quiet();
        durable.push(performance.now() - started);
        return usable;
      }),
    get note() {
      return `durable on all of them after ${durable.map((ms) => ms.toFixed(0)).join(', ')} ms`;
    },
  };
}

async function residentAfterBoot(name) {
  const deployment = await bootDeployment(topology(name));
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  await deployment.stop();
  return rss / 1e6;
}

async function withDeployment(source, options, run) {
  const deployment = await bootDeployment(source, options);
  try {
    return await run(deployment);
  } finally {
    await deployment.stop();
  }
}

async function timed(boot) {
  const started = performance.now();
  const deployment = await boot();
  const ms = performance.now() - started;
  await deployment.stop();
  return ms;
}

async function measure(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
