import { artifactTypes, type ComponentDescriptor, type Port } from '@millrace/contracts';
import { compileSchema } from '../checks/schema.js';

const namePattern = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
const versionPattern = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const portPattern = /^[A-Za-z][A-Za-z0-9]*$/;
const portTypes: readonly string[] = [...artifactTypes, 'value'];

/** @throws Error with all that is wrong with a descriptor */
export const checkDescriptor = (descriptor: ComponentDescriptor): void => {
  const mistakes = mistakesOf(descriptor);
  if (mistakes.length > 0) throw new Error(`component '${descriptor.name}': ${mistakes.join('; ')}`);
};

const mistakesOf = (d: ComponentDescriptor): string[] => [
  ...(namePattern.test(d.name) ? [] : ['name is not <service>.<verb> in lower case']),
  ...(versionPattern.test(d.version) ? [] : [`version '${d.version}' is not SemVer`]),
  ...(d.timeoutMs > 0 ? [] : ['timeoutMs must be positive']),
  ...portMistakes('inputs', d.inputs),
  ...portMistakes('outputs', d.outputs),
  ...schemaMistake('params', d.params),
];

const portMistakes = (side: string, ports: { [port: string]: Port }): string[] =>
  Object.entries(ports).flatMap(([name, port]) => [
    ...(portPattern.test(name) ? [] : [`${side}.${name} is not a port name`]),
    ...(portTypes.includes(port.type) ? [] : [`${side}.${name} has the unknown type '${port.type}'`]),
    ...(port.many && port.type === 'value'
      ? [`${side}.${name} is 'many' and a value: a list of values is a value, as its schema can say`]
      : []),
    ...schemaMistake(`${side}.${name}.schema`, port.schema),
  ]);

const schemaMistake = (where: string, schema: Port['schema']): string[] => {
  try {
    if (schema) compileSchema(schema);
    return [];
  } catch (error) {
    return [`${where} is not a JSON Schema: ${(error as Error).message}`];
  }
};
