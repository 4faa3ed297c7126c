import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { showNotice } from '../client/show-notice.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import { nodesTable } from '../output/status-text.ts';
import { showData } from '../output/show-data.ts';

export function nodeCommand(): Command {
  return verbGroup('node', 'kill, start, restart and pause nodes', [
    nodeVerb('kill', 'end a node at once, as a power cut does', ['isesim node kill psn-1']),
    nodeVerb('start', 'start a node that is not running; it sends what it still owes', ['isesim node start psn-1']),
    nodeVerb('pause', 'stop a node where it is, as SIGSTOP does; "isesim heal" lets it go on', ['isesim node pause psn-1']),
    nodeVerb('restart', 'stop a node in order and start it again', ['isesim node restart psn-1']),
  ]);
}

function nodeVerb(name: 'kill' | 'start' | 'restart' | 'pause', description: string, examples: [string]): Command {
  const command = verb(`${name} <node>`, description, examples);
  return actsOnDeployment(command).action(async (node: string, { json, deployment }: DeploymentOptions) => {
    const answer = await ask(`node-${name}`, { node }, { deployment, onItem: showNotice });
    showData(`node-${name}`, answer, { json }, () => nodesTable(answer.node ? [answer.node] : []));
  });
}
