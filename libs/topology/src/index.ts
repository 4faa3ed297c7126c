export { parseTopology, type ParseOptions, type ReadOptions } from './parse-topology.ts';
export { readTopology } from './read-topology.ts';
export { TopologyError, type Mistake } from './topology-error.ts';
export type {
  GuestGroup,
  PanFailover,
  Proxy,
  Topology,
  TopologyNode,
  TrustedCertificate,
} from './topology.ts';
export { hostsUsed } from './fault-rules.ts';
