/*
 * Reading a YAML file with every mistake told at its place: the kinds of field and the reading, for topologies here and for
 * files of other formats.
 */
export { choice, connectionTimeout, duration, flag, host, label, list, map, moment, text, whole } from './field-types.ts';
export { pathText, type Finding, type Path } from './finding.ts';
export { fillVariables, type Environment } from './environment.ts';
export type { JsonSchema } from './fields.ts';
export { cell, code, defaultSpoken, fieldTable, kindOfValue, sentence, table, withGenerated, withoutDefault } from './reference.ts';
export { readText } from './read-topology.ts';
export { offsetOf, schemaFindings, shownKey, valueAt } from './schema-findings.ts';
export { readSource, type Source } from './source.ts';
export { listed, TopologyError as FileError, type Mistake } from './topology-error.ts';
export type { SourceValue } from './value-reader.ts';
export { either, nearMisses, quoted, shown } from './wording.ts';
