import type { JsonValue, PipelineDefinition } from '@millrace/contracts';
import { ownProperty } from './own-property.js';
import type { Problem } from '@millrace/pipeline/definition';

type Params = { [name: string]: JsonValue };

const fits: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const fitsType = (value: unknown, type: unknown): boolean =>
  ownProperty(fits, String(type))?.(value) ?? true;

export const mustBe = (type: string) => `must be ${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;

/** Defaults that are not of their own parameter's type. */
export const checkDefaults = (params: ReadonlyMap<string, Record<string, unknown>>): Problem[] =>
  [...params].flatMap(([name, { type, default: value }]) =>
    value === undefined || fitsType(value, type)
      ? []
      : [{ path: ['params', name, 'default'], message: mustBe(String(type)) }],
  );

/** The parameters of one run: what was given over what is the default, or what is wrong with it. */
export const bindParams = (
  definition: PipelineDefinition,
  given: { [name: string]: unknown },
): { params: Params; problems: Problem[] } => {
  const declared = Object.entries(definition.params ?? {});
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(definition.params ?? {}, name));
  const params = Object.fromEntries(
    declared.flatMap(([name, { default: value }]) => {
      const bound = Object.hasOwn(given, name) ? given[name] : value;
      return bound === undefined ? [] : [[name, bound as JsonValue]];
    }),
  );
  const names = declared.map(([name]) => name).join(', ') || 'none';
  return {
    params,
    problems: [
      ...unknown.map((name) => ({
        path: ['params', name],
        message: `pipeline '${definition.name}' has no such parameter (parameters: ${names})`,
      })),
      ...declared.flatMap(([name, { type }]) => {
        if (!Object.hasOwn(params, name))
          return [{ path: ['params', name], message: 'is missing and has no default' }];
        return fitsType(params[name], type) ? [] : [{ path: ['params', name], message: mustBe(type) }];
      }),
    ],
  };
};
