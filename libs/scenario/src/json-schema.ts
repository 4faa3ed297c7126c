import { duration, type JsonSchema } from '@isesim/topology/yaml';
import * as z from 'zod';
import { map } from './fields.ts';
import { loopGroups } from './for-each.ts';
import { head } from './read-scenario.ts';
import { isComplete, plainSchema, writtenSchema } from './step-schema.ts';
import { allSteps } from './steps.ts';

/** The format of a scenario file as JSON Schema, for editors: draft 7, which their YAML extensions know best. */
export function scenarioJsonSchema(): string {
  const { properties, ...file } = plainSchema(head);
  const { description } = properties?.['steps'] as JsonSchema;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'isesim scenario',
    ...file,
    properties: { ...properties, steps: { description, ...stepList } },
    definitions: { step: { anyOf: [nameAlone(), stepWithFields()] }, named: { type: 'string', pattern: '\\$\\{' } },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const stepList = { type: 'array', minItems: 1, items: { $ref: '#/definitions/step' } };

/** A step that needs no field stands there by its name. */
function nameAlone(): object {
  return { type: 'string', enum: allSteps.filter(([, step]) => isComplete(step)).map(([name]) => name) };
}

/** A map of one step and what stands beside it, or a loop. */
function stepWithFields(): object {
  const steps = allSteps.map(([name, step]) => [name, writtenSchema(step)]);
  const one = allSteps.map(([name]) => ({ required: [name] }));
  const loop = { required: ['forEach', 'steps'], not: { anyOf: Object.keys(beside ?? {}).map((name) => ({ required: [name] })) } };
  const properties = { ...Object.fromEntries(steps), ...beside, ...loopFields() };
  return { type: 'object', properties, oneOf: [...one, loop], additionalProperties: false, dependencies: { forEach: ['steps'], steps: ['forEach'] } };
}

const beside = plainSchema(
  map({
    within: duration().describe('Simulated time. An expectation may come true until then; that nothing happens must hold so long; anything else must not take longer'),
    expectError: z.string().min(1).describe('The step must fail, with this in its message'),
  }),
).properties;

function loopFields(): Record<string, object> {
  const values = { anyOf: [{ type: 'string', enum: loopGroups }, { type: 'array', minItems: 1, items: { type: 'string' } }] };
  return {
    forEach: {
      description: 'A variable and what it goes over: a group of nodes, the purposes, or a list. ${node} in the steps stands for each in turn',
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      propertyNames: { pattern: '^[A-Za-z_][\\w-]*$' },
      additionalProperties: values,
    },
    steps: { description: 'What is done for each', ...stepList },
  };
}
