// What a change costs with NATS alone: one key put, watched by as many clients as there are nodes, each on a connection of its own.
import { connectBare, withBareServer } from './bare-server.js';
import { startBareNodes } from './bare-nodes.js';

/** Milliseconds from the put of a key until the last of `watchers` in this process has it. */
export function bareWatch(watchers) {
  return withBareServer(async (url) => {
    const connections = await Promise.all(Array.from({ length: watchers + 1 }, () => connectBare(url)));
    const [writer, ...readers] = connections;
    const bucket = await writer.jetstream().views.kv('settings');
    const watches = await Promise.all(readers.map(async (reader) => (await reader.jetstream().views.kv('settings')).watch({ key: 'page' })));
    const started = performance.now();
    const arrived = watches.map(first);
    await bucket.put('page', 'changed');
    await Promise.all(arrived);
    const ms = performance.now() - started;
    await Promise.all(connections.map((connection) => connection.close()));
    return ms;
  });
}

/** The same for processes, each of which says so in a stream, as a node reports the revision that it holds. */
export function bareWatchOfProcesses(watchers, startsAtOnce) {
  return withBareServer(async (url) => {
    const connection = await connectBare(url);
    const bucket = await connection.jetstream().views.kv('settings');
    await (await connection.jetstreamManager()).streams.add({ name: 'heard', subjects: ['heard.*'] });
    const end = await startBareNodes(watchers, startsAtOnce, [url, 'page']);
    const said = connection.subscribe('heard.*', { max: watchers });
    const started = performance.now();
    await bucket.put('page', 'changed');
    for await (const _each of said);
    const ms = performance.now() - started;
    await connection.close();
    await end();
    return ms;
  });
}

async function first(watch) {
  for await (const _entry of watch) return;
}
