import { upText } from './output/up-text.ts';
import { progressShower } from './output/boot-progress.ts';
import { showData } from './output/show-data.ts';
import { checkFree, pickNatsServer } from './supervisor/before-boot.ts';
import { planBoot } from './supervisor/boot-plan.ts';
import { natsAddressFrom } from './supervisor/nats-address.ts';
import { startDetached } from './supervisor/start-detached.ts';
import { stopSignal } from './supervisor/stop-signal.ts';
import { supervise } from './supervisor/supervise.ts';
import { parseTime } from './supervisor/time.ts';
import { wholeNumber } from './whole-number.ts';

export interface BringUpOptions {
  readonly isolation: 'process' | 'inline';
  readonly time: string | undefined;
  readonly seed: string | undefined;
  readonly nats: string | undefined;
  readonly listen: string | undefined;
  readonly remote: string | undefined;
  readonly installNats: boolean;
  readonly detach: boolean;
  readonly json: boolean | undefined;
}

/** Boots the topology in the file at `path`: in the background, or here until it is told to stop. */
export async function bringUp(path: string, { isolation, time, seed, nats, listen, remote, installNats, detach, json }: BringUpOptions): Promise<void> {
  const request = {
    topology: path,
    isolation,
    time: time === undefined ? undefined : parseTime(time),
    seed: seed === undefined ? undefined : wholeNumber('seed', seed, 0),
    nats: natsAddressFrom(nats, process.env),
    listen,
    remote,
  };
  const plan = await planBoot(request, process.env);
  await checkFree(plan.topology.name);
  const natsServer = plan.nats ? undefined : await pickNatsServer({ install: installNats });
  const onProgress = progressShower(plan.topology.nodes.length);
  if (detach) {
    const status = await startDetached({ ...request, natsServer }, process.env, onProgress);
    showData('up', status, { json }, () => upText(status, { detach }));
    return;
  }
  // Whoever read the table may be gone; the deployment stays.
  process.stdout.on('error', () => undefined);
  await supervise({
    ...plan,
    natsServer,
    env: process.env,
    signal: stopSignal(),
    onProgress,
    onReady: (status) => { showData('up', status, { json }, () => upText(status, { detach })); },
  });
}
