import type { ArtifactType } from '@millrace/contracts';
import type { FromSchema } from './json-schema.js';

export interface PortLike {
  readonly type: ArtifactType | 'value';
  readonly many?: boolean;
  readonly optional?: boolean;
  readonly schema?: object;
  readonly description?: string;
}

export interface Ports {
  readonly [port: string]: PortLike;
}

/** As much of a descriptor as types follow from. */
export interface DescriptorLike {
  readonly name: string;
  readonly inputs: Ports;
  readonly outputs: Ports;
  readonly params: object;
}

/** A descriptor with all that it says kept in its type. */
export const component = <const D extends DescriptorLike>(descriptor: D): D => descriptor;

/** What an expression of this port's output is worth. */
export type ValueOf<P extends PortLike> = P['type'] extends 'value'
  ? P extends { schema: infer S }
    ? FromSchema<S>
    : unknown
  : unknown;

const identifier = (name: string): string =>
  name.replace(/[.-]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A module with every component as a typed constant, from what `component.list` gives. */
export const componentsModule = (descriptors: readonly DescriptorLike[]): string =>
  [
    "import { component } from '@millrace/pipeline';",
    ...[...descriptors]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        ({ name, inputs, outputs, params }) =>
          `export const ${identifier(name)} = component(${JSON.stringify({ name, inputs, outputs, params }, null, 2)});`,
      ),
  ].join('\n\n') + '\n';
