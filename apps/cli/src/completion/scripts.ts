export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What a shell is to source: it asks `isesim complete` for each word, and offers files when that knows none. */
export function completionScript(shell: Shell): string {
  return scripts[shell].join('\n');
}

const scripts: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    '_isesim() {',
    "  local IFS=$'\\n'",
    '  COMPREPLY=($(isesim complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))',
    '}',
    'complete -o default -F _isesim isesim',
  ],
  zsh: [
    '#compdef isesim',
    '_isesim() {',
    '  local -a found',
    '  found=(${(f)"$(isesim complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"})',
    '  if (( $#found )); then compadd -- $found; else _files; fi',
    '}',
    '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }',
    'compdef _isesim isesim',
  ],
  fish: [
    'function __isesim_complete',
    '  set -l words (commandline -opc)',
    '  set -e words[1]',
    '  set -l typed (commandline -ct)',
    '  set -l found (isesim complete -- $words "$typed" 2>/dev/null)',
    "  if set -q found[1]; printf '%s\\n' $found; else; __fish_complete_path \"$typed\"; end",
    'end',
    "complete -c isesim -f -a '(__isesim_complete)'",
  ],
};
