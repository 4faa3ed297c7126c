/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Filled = { readonly text: string } | { readonly problem: string };

// A default ends before the next ${: without that, the search would begin anew at each one and take hours in a long text.
const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:[^}$]|\$(?!\{))*))?\}/g;

// A variable can be far longer than its name: many of them would fill the memory.
const filledLengthMax = 10_000;

/** `text` with every ${NAME} and ${NAME:-default} replaced; the default also stands in for an empty variable, as in a shell. */
export function fillVariables(text: string, env: Environment): Filled {
  const unset: string[] = [];
  let room = Math.max(filledLengthMax, text.length);
  const filled = text.replace(variable, (_whole, name: string, fallback: string | undefined) => {
    const value = valueOf(env, name, fallback);
    if (value === undefined) unset.push(name);
    room -= value?.length ?? 0;
    return room < 0 ? '' : (value ?? '');
  });
  if (unset[0] !== undefined) {
    return { problem: `the environment variable ${unset[0]} is not set; set it, or write \${${unset[0]}:-default}` };
  }
  if (room < 0) return { problem: `its environment variables are longer than ${filledLengthMax} characters; write a shorter value` };
  if (text.replace(variable, '').includes('${')) return { problem: 'contains ${ without a variable; write ${NAME} or ${NAME:-default}' };
  return { text: filled };
}

function valueOf(env: Environment, name: string, fallback: string | undefined): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return fallback !== undefined && !value ? fallback : value;
}
