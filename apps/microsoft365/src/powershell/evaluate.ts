import { cmdletError } from './errors.ts';
import { bindParameters, type GivenArgument } from './bind-parameters.ts';
import type { Cmdlet, Context } from './cmdlets/cmdlet.ts';
import { elsewhere } from './elsewhere.ts';
import type { Argument, Command, Expression, Pipeline, Stage, Statement } from './language/syntax.ts';
import { callMember, indexOf, memberOf } from './members.ts';
import { nearest } from './nearest.ts';
import { operate } from './operators.ts';
import { asList, Block, Hashtable, textOf, type Value } from './values/value.ts';

type Surroundings = Omit<Context, 'input'>;

/** What a statement gives; one that assigns a variable gives nothing. */
export function evaluateStatement({ variable, pipeline }: Statement, context: Surroundings): readonly Value[] {
  const values = evaluatePipeline(pipeline, context);
  if (variable === undefined) return values;
  context.session.write(variable, unrolled(values));
  return [];
}

function evaluatePipeline(pipeline: Pipeline, context: Surroundings): readonly Value[] {
  let values: readonly Value[] | undefined;
  for (const stage of pipeline) values = evaluateStage(stage, values, context);
  return values ?? [];
}

function evaluateStage(stage: Stage, piped: readonly Value[] | undefined, context: Surroundings): readonly Value[] {
  if (stage.kind === 'value') return asList(evaluate(stage.value, context));
  const cmdlet = findCmdlet(stage, context);
  const given = stage.arguments.flatMap((argument) => evaluateArgument(argument, context));
  const takesEach = Object.values(cmdlet.parameters).some(({ fromPipeline }) => fromPipeline !== undefined);
  if (piped === undefined || !takesEach) return runCmdlet(cmdlet, given, piped ?? [], null, context);
  return piped.flatMap((value) => runCmdlet(cmdlet, given, [value], value, context));
}

function runCmdlet(cmdlet: Cmdlet, given: readonly GivenArgument[], input: readonly Value[], piped: Value, context: Surroundings): readonly Value[] {
  const bound = bindParameters(cmdlet, given, piped);
  if (!bound.isOn('WhatIf') || /^(Get|Format|Select|Where|ForEach|Sort)-/.test(cmdlet.name)) return cmdlet.run(bound, { ...context, input });
  context.say(`What if: Performing the operation "${cmdlet.name}".\n`);
  return [];
}

/** A cmdlet of a service is there once that is connected to, as with the real modules. */
function findCmdlet({ name }: Command, { cmdlets, session }: Surroundings): Cmdlet {
  const same = (one: string) => one.toLowerCase() === name.toLowerCase();
  const cmdlet = cmdlets.find((each) => same(each.name) || each.aliases?.some(same));
  if (!cmdlet) throw notRecognized(name, elsewhere(name) ?? suggestion(name, cmdlets));
  if (cmdlet.from === 'Exchange Online' && !session.connected.has('Exchange Online')) throw notRecognized(name, 'Connect first: Connect-ExchangeOnline');
  if (cmdlet.from === 'Microsoft Graph' && !session.connected.has('Microsoft Graph')) {
    throw cmdletError(cmdlet.name, 'Authentication needed. Please call Connect-MgGraph.', 'Connect first: Connect-MgGraph', 'not-connected');
  }
  return cmdlet;
}

function notRecognized(name: string, remedy: string) {
  const message = `The term '${name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again.`;
  return cmdletError(name, message, remedy, 'not-recognized');
}

function suggestion(name: string, cmdlets: readonly Cmdlet[]): string {
  const meant = nearest(name, cmdlets.map((each) => each.name)).slice(0, 3);
  return meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : '"Get-Command" lists what there is.';
}

function evaluateArgument({ parameter, value, joined, splat }: Argument, context: Surroundings): GivenArgument[] {
  if (splat !== undefined) return splatted(context.session.read(splat));
  return [
    {
      ...(parameter === undefined ? {} : { parameter }),
      ...(value === undefined ? {} : { value: evaluate(value, context) }),
      ...(joined === undefined ? {} : { joined }),
    },
  ];
}

/** Of a hashtable the parameters by name, of a list the values by position. */
function splatted(value: Value): GivenArgument[] {
  if (value instanceof Hashtable) return Object.entries(value.entries).map(([parameter, each]) => ({ parameter, value: each, joined: true }));
  return asList(value).map((each) => ({ value: each }));
}

function evaluate(expression: Expression, context: Surroundings): Value {
  const of = (each: Expression) => evaluate(each, context);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'text':
      return expression.parts.map((part) => textOf(of(part))).join('');
    case 'variable':
      return context.session.read(expression.name);
    case 'list':
      return expression.items.map(of);
    case 'hashtable':
      return new Hashtable(Object.fromEntries(expression.entries.map(([key, each]) => [key, of(each)])));
    case 'statements':
      return evaluateNested(expression.statements, expression.list, context);
    case 'block':
      return blockOf(expression.statements, context);
    case 'member':
      return memberOf(of(expression.of), expression.name);
    case 'call':
      return callMember(of(expression.of), expression.name, expression.arguments.map(of));
    case 'index':
      return indexOf(of(expression.of), of(expression.index));
    case 'operation':
      return operate(expression.operator, of(expression.left), of(expression.right));
  }
}

function evaluateNested(statements: readonly Statement[], list: boolean, context: Surroundings): Value {
  const values = statements.flatMap((each) => evaluateStatement(each, context));
  return list ? values : unrolled(values);
}

function blockOf(statements: readonly Statement[], context: Surroundings): Block {
  return new Block((object) => {
    const { session } = context;
    const before = session.read('_');
    session.write('_', object);
    const values = statements.flatMap((each) => evaluateStatement(each, context));
    // A block within another has an object of its own.
    session.write('_', before);
    return values;
  });
}

/** One value stands for itself, several are a list, none is nothing. */
function unrolled(values: readonly Value[]): Value {
  return values.length > 1 ? values : (values[0] ?? null);
}
