import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Holds a folder for each deployment that runs here. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const given = env['XDG_STATE_HOME'];
  // The XDG specification has a path that is not absolute ignored.
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'state');
  return join(base, 'isesim');
}
