import { isArtifactRef, type FieldError, type Port, type PortValue } from '@millrace/contracts';
import { fieldErrorsOf } from './schema.js';

/** Of a list: one such mistake is seldom alone. */
const maxReported = 20;

/** What is wrong with the values at a component's ports. @param side `inputs` or `outputs`, for the field's name */
export const portErrors = (
  side: 'inputs' | 'outputs',
  ports: { [port: string]: Port },
  values: { [port: string]: PortValue },
): FieldError[] => [
  ...Object.keys(values)
    .filter((name) => !Object.hasOwn(ports, name))
    .map((name) => ({ field: `${side}.${name.slice(0, 100)}`, message: 'is not known' })),
  ...Object.entries(ports).flatMap(([name, port]) => valueErrors(`${side}.${name}`, port, values[name])),
];

const valueErrors = (field: string, port: Port, value: PortValue | undefined): FieldError[] => {
  if (value === undefined) return port.optional ? [] : [{ field, message: 'is required' }];
  if (port.type === 'value') return port.schema ? fieldErrorsOf(port.schema, value, field) : [];
  if (!port.many) return artifactErrors(field, port.type, value);
  if (!Array.isArray(value)) return [{ field, message: `must be a list of ${port.type}` }];
  return value
    .flatMap((one, index) => artifactErrors(`${field}[${index}]`, port.type, one))
    .slice(0, maxReported);
};

const artifactErrors = (field: string, type: Port['type'], value: unknown): FieldError[] => {
  if (!isArtifactRef(value)) return [{ field, message: 'must be a reference to an artifact' }];
  return value.type === type
    ? []
    : [{ field, message: `must be a ${type}, and is a ${value.type.slice(0, 100)}` }];
};
