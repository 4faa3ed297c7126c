// Loads what a PSN loads, connects, and does nothing of what a node does.
import { runNodeProcess } from '@isesim/node';
import { assumePolicyService } from '@isesim/psn';
import { connect } from 'nats';

const [, , url, key] = process.argv;
// Never so: it makes the bundle hold what a node's own holds.
if (url === undefined) await runNodeProcess({ psn: assumePolicyService });
const connection = await connect({ servers: url, user: 'bench', pass: 'bench' });
if (key !== undefined) void sayWhenPut(await (await connection.jetstream().views.kv('settings')).watch({ key }));
process.send({ ready: true });

async function sayWhenPut(watch) {
  for await (const _entry of watch) await connection.jetstream().publish(`heard.${process.pid}`);
}
