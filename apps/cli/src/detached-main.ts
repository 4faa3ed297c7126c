import { superviseDetached } from './supervisor/supervise-detached.ts';

// The background supervisor of `up --detach`, as a process.
process.exit(await superviseDetached());
