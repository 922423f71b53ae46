import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { CelError } from './cel-error.js';
import { namesIn, partsOf } from './cel-names.js';
import { fromCel, toCel, wantedOf } from './cel-values.js';
import type { Cel } from './cel.js';
import { Meter, putMeter } from './meter.js';

export const maxLength = 2_000;
const limits = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 200,
  maxMapEntries: 100,
  maxCallArguments: 16,
};

/** JSON has one kind of number: where an int meets a double, both are doubles. */
const mixed = (environment: Environment): Environment => {
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  };
  for (const [sign, apply] of Object.entries(operators)) {
    const handler = (a: number | bigint, b: number | bigint) => apply(Number(a), Number(b));
    environment.registerOperator(`int ${sign} double: double`, handler);
    environment.registerOperator(`double ${sign} int: double`, handler);
  }
  return environment;
};

const environment = mixed(
  new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits }),
);

/** Its cost has no bound that we could count: a regular expression runs in one go. */
const refused: Record<string, string> = {
  matches: 'matches() is not offered: use startsWith, endsWith or contains',
  bind: 'cel.bind() is not offered',
};

const findRefused = (node: ASTNode): CelError | undefined => {
  if (node.op === 'call' || node.op === 'rcall') {
    const reason = Object.hasOwn(refused, node.args[0]) ? refused[node.args[0]] : undefined;
    if (reason !== undefined) return new CelError(reason, node.range.start);
  }
  for (const part of partsOf(node.args)) {
    const found = findRefused(part);
    if (found) return found;
  }
  return undefined;
};

const celErrorOf = (error: unknown): CelError => {
  if (error instanceof CelError) return error;
  if (error instanceof RangeError) return new CelError('is nested too deeply');
  const { summary, message, range } = error as {
    summary?: string;
    message: string;
    range?: { start: number };
  };
  const text = summary ?? message.split('\n')[0] ?? 'is no CEL';
  return new CelError(text, range?.start, { cause: error });
};

const compile = (text: string): Cel => {
  if (text.length > maxLength) throw new CelError(`has ${text.length} characters, more than ${maxLength}`);
  try {
    const parsed = environment.parse(text);
    const unwanted = findRefused(parsed.ast);
    if (unwanted) throw unwanted;
    const checked = parsed.check();
    if (!checked.valid) throw checked.error ?? new CelError('is no CEL');
    const names = namesIn(parsed.ast);
    const wanted = wantedOf(names);
    const meter = new Meter();
    putMeter(parsed.ast, meter);
    return {
      text,
      names,
      type: checked.type ?? 'dyn',
      evaluate: (bindings, work) => {
        try {
          meter.begin(work);
          return fromCel(parsed(toCel(bindings, wanted, meter.spend) as object), meter.spend);
        } catch (error) {
          throw celErrorOf(error);
        }
      },
    };
  } catch (error) {
    throw celErrorOf(error);
  }
};

const maxKept = 2_000;
const kept = new Map<string, Cel>();

/**
 * The only importer of the CEL library. The same text is compiled once as long as it is remembered.
 * @throws CelError with the position of what is wrong
 */
export const compileCel = (text: string): Cel => {
  const known = kept.get(text);
  if (known) return known;
  const cel = compile(text);
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(text, cel);
  return cel;
};
