/** A script, parsed: the part of PowerShell that administrators of a tenant type. */
export interface Statement {
  /** The variable that takes what the pipeline gives. */
  readonly variable?: string;
  readonly pipeline: Pipeline;
}

export type Pipeline = readonly Stage[];
export type Stage = Command | { readonly kind: 'value'; readonly value: Expression };

export interface Command {
  readonly kind: 'command';
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** `-Name value`, `-Name:value`, `-Switch`, a value that goes by its position, or `@name` with all that the variable holds. */
export interface Argument {
  readonly parameter?: string;
  readonly value?: Expression;
  /** `-Name:value` belongs to a switch too. */
  readonly joined?: boolean;
  /** The variable of `@name`. */
  readonly splat?: string;
}

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'text'; readonly parts: readonly Expression[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'hashtable'; readonly entries: readonly (readonly [string, Expression])[] }
  /** `( … )`, `$( … )` and `@( … )`; the last is always a list. */
  | { readonly kind: 'statements'; readonly statements: readonly Statement[]; readonly list: boolean }
  /** `{ … }` as an argument of Where-Object or ForEach-Object. */
  | { readonly kind: 'block'; readonly statements: readonly Statement[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly of: Expression; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression };
