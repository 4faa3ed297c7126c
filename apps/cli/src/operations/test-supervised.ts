import { testStage, type Props } from '@isesim/scenario/testing';
import type { DeploymentHandle, Supervised } from './operation.ts';

/** A supervised deployment for tests of what asks one: two PSNs and a node with the rest, nothing behind them but what the test puts there. */
export function testSupervised(props: Props = {}) {
  const stallListeners = new Set<(blockers: readonly string[]) => void>();
  const { stage, asked, accept, listeners } = testStage(props);
  const supervised: Supervised = {
    deployment: stage.deployment as DeploymentHandle,
    time: 'stepped',
    natsUrl: 'nats://127.0.0.1:4222',
    caFile: '/state/test/ca.pem',
    folder: '/state/test',
    onStall: (listener) => {
      stallListeners.add(listener);
      return () => stallListeners.delete(listener);
    },
  };
  return {
    supervised,
    asked,
    accept,
    listeners,
    stall: (blockers: readonly string[]) => {
      for (const listener of stallListeners) listener(blockers);
    },
  };
}
