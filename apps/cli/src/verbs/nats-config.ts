import type { Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { note } from '../output/terminal.ts';

export function natsConfigCommand(): Command {
  const command = verb('nats-config <topology>', 'print what a nats-server that others run must include, so that it holds each node to its rights; the credentials stay here', [
    'isesim nats-config topology/medium.yaml > medium.conf',
    'isesim nats-config topology/medium.yaml --json',
  ]);
  return printsData(command).action(async (path: string, options: DataOptions) => {
    const { natsConfiguration } = await import('../supervisor/nats-configuration.ts');
    const found = await natsConfiguration(path, process.env);
    showData('nats-config', found, options, () => found.configuration);
    note(`the credentials that belong to it are in ${found.credentialsFile}`);
  });
}
