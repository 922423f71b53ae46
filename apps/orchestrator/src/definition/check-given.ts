import { parseTemplate, referencesIn } from './expression.js';
import { fitsType, mustBe } from './pipeline-params.js';
import type { Path, Problem } from '@millrace/pipeline/definition';
import { givenBy, type Scope } from './scope.js';

/** Parameters as they are declared, by name. */
export type Declared = ReadonlyMap<string, Record<string, unknown>>;

const celTypes: Record<string, string> = {
  int: 'integer',
  double: 'number',
  string: 'string',
  bool: 'boolean',
};

/** What type a text with expressions in it has whatever they give; undefined where that is not known yet. */
const typeOfTemplate = (text: string, { draft, known }: Scope): string | undefined => {
  const [only, ...more] = parseTemplate(text);
  if (only === undefined || typeof only === 'string' || more.length > 0) return 'string';
  if (only.kind === 'param') return draft.params.get(only.name)?.['type'] as string | undefined;
  if (only.kind === 'cel')
    return celTypes[only.cel.type] ?? (only.cel.type.startsWith('list') ? 'array' : undefined);
  if (only.kind !== 'output') return undefined;
  const given = givenBy({ draft, known, roots: new Set() }, only.step, only.port);
  return (given?.lists ?? 0) > 0 ? 'array' : (given?.schema?.['type'] as string | undefined);
};

const whyUnfit = (value: unknown, type: unknown, scope: Scope | undefined): string | undefined => {
  const must = mustBe(String(type));
  if (referencesIn(value).length === 0) return fitsType(value, type) ? undefined : must;
  if (typeof value !== 'string') return fitsType(value, type) || type === undefined ? undefined : must;
  const given = scope && typeOfTemplate(value, scope);
  // A number may turn out to be whole.
  const same = (one: unknown) => (one === 'integer' ? 'number' : one);
  return typeof given !== 'string' || same(given) === same(type)
    ? undefined
    : `${must}, and is given ${given}`;
};

/**
 * Parameters given to a pipeline: all of them its own, of their types, and none missing.
 * @param scope where expressions in them stand; without, nothing is said about what they give
 */
export const checkGiven = (
  declared: Declared,
  given: { readonly [name: string]: unknown },
  { path, whose, scope }: { path: Path; whose: string; scope?: Scope },
): Problem[] => [
  ...Object.entries(given).flatMap(([name, value]): Problem[] => {
    const param = declared.get(name);
    const names = [...declared.keys()].join(', ') || 'none';
    if (!param)
      return [{ path: [...path, name], message: `${whose} has no such parameter (parameters: ${names})` }];
    const message = whyUnfit(value, param['type'], scope);
    return message === undefined ? [] : [{ path: [...path, name], message }];
  }),
  ...[...declared]
    .filter(([name, param]) => param['default'] === undefined && !Object.hasOwn(given, name))
    .map(([name]) => ({ path: [...path, name], message: `is missing: ${whose} has no default for it` })),
];
