#!/usr/bin/env node
// Measures the aims of docs/performance.md: ours and a baseline in turn, several rounds, median and spread.
//   npm run bench [-- --rounds 5] [-- --only boot]
import { parseArgs } from 'node:util';
import { aims } from './aims.js';

const usage = `Usage: npm run bench [-- options]

  --rounds N   how often ours and its baseline are measured in turn (3)
  --only TEXT  only aims whose name contains TEXT; there are: ${aims.map(({ name }) => name).join(' | ')}
  --json       one JSON object`;

const values = optionsGiven();
const rounds = Number(values.rounds);
const results = [];
for (const aim of aims.filter(({ name }) => values.only === undefined || name.includes(values.only))) {
  process.stderr.write(`${aim.name} …\n`);
  const ours = [];
  const baseline = [];
  for (let round = 0; round < rounds; round += 1) {
    if (aim.baseline) baseline.push(await aim.baseline());
    ours.push(await aim.ours());
  }
  const ratios = baseline.map((each, index) => ours[index] / each);
  results.push({ aim: aim.name, unit: aim.unit, ours: spread(ours), baseline: spread(baseline), ratio: spread(ratios), target: aim.target, beside: aim.beside ? spread(await times(rounds, aim.beside)) : null, note: aim.note ?? '' });
}

if (values.json) console.log(JSON.stringify({ schema: 'isesim/bench.v1', rounds, results }));
else print(results);
process.exit(0);

function optionsGiven() {
  try {
    const { values: given } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    if (given.help) {
      console.log(usage);
      process.exit(0);
    }
    if (!/^[1-9]\d?$/.test(given.rounds)) throw new RangeError(`--rounds is ${given.rounds}; write a number from 1 to 99`);
    if (given.only !== undefined && !aims.some(({ name }) => name.includes(given.only))) throw new RangeError(`no aim is called ${given.only}`);
    return given;
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function times(count, run) {
  const all = [];
  for (let index = 0; index < count; index += 1) all.push(await run());
  return all;
}

function spread(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

function print(all) {
  console.log(`| aim | ours | baseline | ratio | aimed at |\n|---|---|---|---|---|`);
  for (const { aim, unit, ours, baseline, ratio, target, beside, note } of all) {
    const besideText = beside ? ` (bare Node.js: ${show(beside, unit)})` : '';
    console.log(`| ${aim} | ${show(ours, unit)} | ${baseline ? show(baseline, unit) : '–'}${besideText} | ${ratio ? show(ratio, '') : '–'} | ${target} |${note ? ` ${note}` : ''}`);
  }
}

function show({ median, min, max }, unit) {
  const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  return `${digits(median)}${unit && ` ${unit}`} (${digits(min)}–${digits(max)})`;
}
