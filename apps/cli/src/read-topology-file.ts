import { readTopology, TopologyError, type Topology } from '@isesim/topology';
import { CommandProblem } from './problem.ts';

/** The topology in a file that the user names; one that leaves its start time out starts at `startTime`, now when left out. */
export async function readTopologyFile(path: string, startTime = Date.now()): Promise<Topology> {
  try {
    return await readTopology(path, { env: process.env, startTime });
  } catch (error) {
    if (error instanceof TopologyError) throw withMistakes(error);
    throw error;
  }
}

/** For a program every mistake with its place, beside the text. */
function withMistakes({ kind, code, message, remedy, mistakes }: TopologyError): CommandProblem {
  return new CommandProblem({ kind, code, message, remedy }, { mistakes });
}
