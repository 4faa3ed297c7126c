import { readTopology, TopologyError, type Topology } from '@isesim/topology';
import { fileKind } from './file-kind.ts';
import { CommandProblem } from './problem.ts';

/** The topology in a file that the user names; one that leaves its start time out starts at `startTime`, now when left out. */
export async function readTopologyFile(path: string, startTime = Date.now()): Promise<Topology> {
  try {
    return await readTopology(path, { env: process.env, startTime });
  } catch (error) {
    if (error instanceof TopologyError) throw fileKind(path) === 'scenario' ? isScenario(path, error) : withMistakes(error);
    throw error;
  }
}

function isScenario(path: string, { kind, code, mistakes }: TopologyError): CommandProblem {
  return new CommandProblem({ kind, code, message: `${path} is a scenario (it has steps), and no topology`, remedy: `Play it with "isesim run ${path}".` }, { mistakes });
}

/** For a program every mistake with its place, beside the text. */
function withMistakes({ kind, code, message, remedy, mistakes }: TopologyError): CommandProblem {
  return new CommandProblem({ kind, code, message, remedy }, { mistakes });
}
