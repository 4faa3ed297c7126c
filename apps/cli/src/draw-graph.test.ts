import { parseTopology } from '@isesim/topology';
import { expect, test } from 'vitest';
import { drawGraph } from './draw-graph.ts';

const topology = parseTopology('name: t\nnodes:\n  - { name: ise-1, pan: primary, mnt: secondary }\n  - { name: end, pan: secondary, mnt: primary }\n  - { name: psn-1, psn: true }\n', { file: 't', env: {} });

test('mermaid: every node with personas, duty, and the purposes that it sends', () => {
  expect(drawGraph(topology, 'mermaid')).toBe(`flowchart LR
  subgraph deployment["t"]
    n_ise_1["ise-1<br/>PAN primary, MnT secondary<br/>primary PAN"]
    n_end["end<br/>PAN secondary, MnT primary<br/>active MnT"]
    n_psn_1["psn-1<br/>PSN"]
  end
  exchange(["Exchange Online"])
  n_ise_1 -->|"guest-expiry<br/>password-expiry<br/>portal-test"| exchange
  n_ise_1 -.->|"after a promotion:<br/>alarm"| exchange
  n_end -->|"alarm"| exchange
  n_end -.->|"after a promotion:<br/>guest-expiry<br/>password-expiry<br/>portal-test"| exchange
  n_psn_1 -->|"portal-notification"| exchange`);
});

test('dot: the same as a digraph', () => {
  const dot = drawGraph(topology, 'dot');
  expect(dot).toContain('"ise-1" -> "Exchange Online" [label="guest-expiry\\npassword-expiry\\nportal-test"];');
  expect(dot).toContain('"psn-1" [label="psn-1\\nPSN"];');
  expect(dot.startsWith('digraph "t" {')).toBe(true);
  expect(dot.endsWith('}')).toBe(true);
});
