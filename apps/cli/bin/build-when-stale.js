// Plain JavaScript and Node's own modules only: this runs before anything is built.
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 50;
// No build takes so long: the holder's process id is another's by now.
const lockAgeMaxMs = 300_000;

/**
 * Builds what runs when a source is newer than it. Two commands at once do not collide: one builds, the other waits. Where
 * there are no sources, as in an installed package, there is nothing to do.
 */
export async function buildWhenStale(root, say) {
  if (!isCheckout(root)) return;
  const lock = join(root, 'apps/cli/dist/build.lock');
  let told = false;
  let cutShort = false;
  while (cutShort || existsSync(lock) || isStale(root)) {
    const unlock = takeLock(lock);
    if (unlock) {
      say('isesim: building, since the sources are newer …');
      try {
        await build(root);
      } finally {
        unlock();
      }
      return;
    }
    if (removeIfLeftBehind(lock)) {
      // Its build was not finished, whatever the files look like.
      cutShort = true;
      continue;
    }
    if (!told) say('isesim: waiting for another isesim that is building …');
    told = true;
    await sleep(lookEveryMs);
  }
}

/** True when something that runs is missing, or older than the newest source. */
export function isStale(root) {
  const built = bundledProjects(root).flatMap(({ folder, entries }) => entries.map((entry) => builtTime(folder, entry)));
  return Math.min(...built) < newestSource(root);
}

function isCheckout(root) {
  return existsSync(join(root, 'apps/cli/src')) && existsSync(join(root, 'bundle.mjs'));
}

/** The projects that say in their package.json what of them is bundled. */
function bundledProjects(root) {
  return projects(root).flatMap((folder) => {
    const file = join(folder, 'package.json');
    const { bundle } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    return bundle ? [{ folder, entries: bundle }] : [];
  });
}

function projects(root) {
  return ['apps', 'libs'].flatMap((group) => (existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => join(root, group, name)) : []));
}

function builtTime(folder, entry) {
  return timeOf(bundleOf(folder, entry));
}

/** A bundle lies below `bundle` as its entry does below `src`. */
function bundleOf(folder, entry) {
  return join(folder, 'bundle', entry.replace(/^src\//, '').replace(/\.ts$/, '.js'));
}

function newestSource(root) {
  let newest = Math.max(...['bundle.mjs', 'bundle-options.mjs'].map((name) => timeOf(join(root, name))));
  for (const folder of projects(root)) {
    const source = join(folder, 'src');
    if (!existsSync(source)) continue;
    for (const name of readdirSync(source, { recursive: true })) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts')) newest = Math.max(newest, timeOf(join(source, name)));
    }
  }
  return newest;
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

async function build(root) {
  const began = new Date();
  const folders = bundledProjects(root);
  // Loaded here: hardly any command has to build.
  const { spawn } = await import('node:child_process');
  await Promise.all(folders.map(({ folder }) => bundle(spawn, root, folder)));
  // Dated from the start of the build: a source that was saved meanwhile is newer, and the next command builds again.
  for (const { folder, entries } of folders) {
    for (const entry of entries) utimesSync(bundleOf(folder, entry), began, began);
  }
}

function bundle(spawn, root, folder) {
  return new Promise((resolve, reject) => {
    // What it prints belongs to stderr: stdout is for data.
    const child = spawn(process.execPath, [join(root, 'bundle.mjs')], { cwd: folder, stdio: ['ignore', process.stderr, process.stderr] });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(Object.assign(new Error(`building ${basename(folder)} failed`), { remedy: 'Mend what is said above; in a fresh checkout, run "npm ci" first.' }));
    });
  });
}

/** Returns what gives the lock back, or nothing while another that lives has it. */
function takeLock(lock) {
  mkdirSync(join(lock, '..'), { recursive: true });
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    // Made whole or not at all: a lock always names its holder.
    linkSync(own, lock);
    return () => rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return undefined;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moved away before it is removed, and looked at again there: another may have taken the lock since. */
function removeIfLeftBehind(lock) {
  const holder = readIfThere(lock);
  if (holder === undefined || (isAlive(Number(holder)) && Date.now() - timeOf(lock) < lockAgeMaxMs)) return false;
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
    const same = readIfThere(aside) === holder;
    if (!same) linkSync(aside, lock);
    return same;
  } catch {
    // Another was faster.
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
