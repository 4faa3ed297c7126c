import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder } from './package-folder.ts';

export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: the isesim command as a process, with a state folder of its own. Disposing of it stops what it has left running. */
export class TestCommand implements AsyncDisposable {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();
  // A test that is given up does not dispose; guardians clear away after the rest.
  readonly #killNow = () => { for (const child of this.#running) child.kill('SIGKILL'); };

  static async make(env: NodeJS.ProcessEnv = {}): Promise<TestCommand> {
    return new TestCommand(await mkdtemp(join(tmpdir(), 'isesim-command-')), env);
  }

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = { PATH: process.env['PATH'], HOME: process.env['HOME'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'], XDG_STATE_HOME: join(folder, 'state'), TMPDIR: folder, ...env };
    process.once('exit', this.#killNow);
  }

  /** Holds what the command keeps. */
  get state(): string {
    return join(this.folder, 'state', 'isesim');
  }

  async topology(name: string, nodes: readonly string[], more = ''): Promise<string> {
    const path = join(this.folder, `${name}.yaml`);
    await writeFile(path, [`name: ${name}`, 'nodes:', ...nodes.map((node) => `  - { ${node} }`), more].join('\n'));
    return path;
  }

  async run(...args: string[]): Promise<CommandEnd> {
    const child = this.start(...args);
    const [stdout, stderr, [exitCode]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, 'close') as Promise<[number]>]);
    return { exitCode, stdout, stderr };
  }

  /** Runs it and expects it to be done. Returns what it printed as JSON. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await this.run(...args, '--json');
    if (exitCode !== 0) throw new Error(`isesim ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** A command that goes on; its end is the caller's, or that of the whole. */
  start(...args: string[]) {
    const child = spawn(process.execPath, [join(packageFolder(), 'bundle', 'main.js'), ...args], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((child) => {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      return closed;
    }));
    while ((await this.run('down')).exitCode === 0);
    process.off('exit', this.#killNow);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: string[] = [];
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) chunks.push(chunk);
  return chunks.join('');
}
