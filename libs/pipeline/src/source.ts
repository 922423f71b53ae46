import type { ArtifactType } from '@millrace/contracts';
import { Expression, member } from './expression.js';

declare const kind: unique symbol;
declare const place: unique symbol;

/** What a port carries: one of a type, or `dataset[]`, a list of them. */
export type PortKind = ArtifactType | 'value' | `${string}[]`;

/** One of a list; what a value holds is a value. */
type ElementOf<P> = P extends `${infer E}[]` ? E : P extends 'value' ? 'value' : never;
type ItemIn<T> = T extends readonly (infer I)[] ? I : unknown;

/** Something that an input can be fed from. `T` is the type of its value, where it has one. */
export class Source<P extends string = string, T = unknown> extends Expression<T> {
  declare readonly [kind]: P;

  constructor(
    /** As an input names it. */
    readonly source: string,
    cel: string,
    template?: string,
  ) {
    super(cel, template);
  }
}

/** The index of the items of an `each`. */
export class Index extends Expression<number> {
  declare readonly [place]: true;
}

/** One output of a step: into an input as it is, or as a value in params and conditions. */
export class Output<P extends string = 'value', T = unknown> extends Source<P, T> {
  constructor(
    readonly step: string,
    readonly name: string,
  ) {
    super(
      `${step}.${name}`,
      member(`${member('steps', step)}.outputs`, name),
      `steps.${step}.outputs.${name}`,
    );
  }

  /** One of the list that it is: by number, or in an `each` what stands at the index of the item. */
  at(this: Output<P & ('value' | `${string}[]`), T>, index: number | Index): Source<ElementOf<P>, ItemIn<T>> {
    const text = index instanceof Index ? index.cel : String(index);
    return new Source(`${this.source}[${text}]`, `${this.cel}[${text}]`);
  }
}

/** What an `each` is at: into an input as it is, or as a value. */
export class Item<P extends string = 'value', T = unknown, F = object> extends Source<P, T> {
  constructor(
    name: string,
    /** Of items that are written out and are objects: their fields, each of which an input can be fed from. */
    readonly fields: F,
  ) {
    super(name, name);
  }
}

/** What comes of a value in which sources and expressions stand. */
type PlainOf<I> =
  I extends Expression<infer T> ? T : I extends object ? { [K in keyof I]: PlainOf<I[K]> } : I;

type FieldsOf<I> = [I] extends [readonly unknown[]]
  ? object
  : [I] extends [object]
    ? { readonly [K in keyof I]: SourceOf<I[K]> }
    : object;
type SourceOf<I> = [I] extends [Source<infer P, infer T>] ? Source<P, T> : Source<'value', PlainOf<I>>;
type WrittenItem<I> = [I] extends [Source<infer P, infer T>]
  ? Item<P, T>
  : Item<'value', PlainOf<I>, FieldsOf<I>>;

/** The items of an `each`: a list of outputs, CEL that gives a list, or a list as it stands. */
export type Items = Expression<unknown> | readonly unknown[];

/** One of them. */
export type ItemOf<X> =
  X extends Source<infer P, infer T>
    ? Item<ElementOf<P>, ItemIn<T>>
    : X extends Expression<infer T>
      ? Item<'value', ItemIn<T>>
      : X extends readonly (infer I)[]
        ? WrittenItem<I>
        : never;

/** The item of an `each`, under its name. */
export const itemOf = <X>(items: X, name: string): ItemOf<X> => {
  const [first] = Array.isArray(items) ? (items as unknown[]) : [];
  const isObject = typeof first === 'object' && first !== null && !(first instanceof Expression);
  const fields = Object.fromEntries(
    Object.keys(isObject && !Array.isArray(first) ? first : {}).map((key) => [
      key,
      new Source(`${name}.${key}`, member(name, key)),
    ]),
  );
  return new Item(name, fields) as unknown as ItemOf<X>;
};
