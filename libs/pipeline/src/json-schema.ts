/* eslint-disable-next-line @typescript-eslint/no-empty-object-type -- no property is required */
type None = {};

interface Kinds {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  null: null;
}

type ObjectOf<P, R extends string> = { [K in keyof P & R]: FromSchema<P[K]> } & {
  [K in Exclude<keyof P, R>]?: FromSchema<P[K]>;
};

type RequiredOf<S> = S extends { required: readonly (infer R extends string)[] } ? R : never;

/** The values of a JSON Schema, as far as TypeScript can say it; what it can't is `unknown`. */
export type FromSchema<S> = S extends { const: infer C }
  ? C
  : S extends { enum: readonly (infer E)[] }
    ? E
    : S extends { type: 'array'; items: infer I }
      ? FromSchema<I>[]
      : S extends { type: 'array' }
        ? unknown[]
        : S extends { type: 'object'; properties: infer P }
          ? ObjectOf<P, RequiredOf<S>>
          : S extends { type: 'object' }
            ? { [name: string]: unknown }
            : S extends { type: infer K extends keyof Kinds }
              ? Kinds[K]
              : unknown;

/** Params of a component: what has a default need not be given. */
export type ParamsOf<S> = S extends { properties: infer P } ? ObjectOf<P, RequiredOf<S>> : None;
