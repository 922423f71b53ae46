import { InvalidRequest, type FieldError, type PipelineDefinition } from '@millrace/contracts';

type Declared = NonNullable<PipelineDefinition['params']>;

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** A parameter that is declared a string is taken as it stands; any other is JSON, where it can be read as such. */
const valueOf = (text: string, declared: Declared[string] | undefined): unknown =>
  declared?.type === 'string' ? text : asJson(text);

/**
 * `['rows=5', 'name=a']` → `{rows: 5, name: 'a'}`, by the types that the pipeline declares. What does not fit its type
 * is left for the orchestrator to refuse.
 * @throws InvalidRequest naming each that is no `name=value`, or is not declared
 */
export const parseParams = (given: readonly string[], declared: Declared = {}): Record<string, unknown> => {
  const mistakes: FieldError[] = [];
  const params = new Map<string, unknown>();
  for (const one of given) {
    const [, name, text = ''] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (name === undefined) mistakes.push({ field: '--param', message: `'${one}' is not name=value` });
    else if (!Object.hasOwn(declared, name)) mistakes.push(unknown(name, declared));
    else params.set(name, valueOf(text, declared[name]));
  }
  if (mistakes.length > 0) throw new InvalidRequest(mistakes);
  return Object.fromEntries(params);
};

const unknown = (name: string, declared: Declared): FieldError => ({
  field: `params.${name}`,
  message: `the pipeline has no such parameter; it has ${Object.keys(declared).join(', ') || 'none'}`,
});
