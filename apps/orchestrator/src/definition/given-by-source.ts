import { whyUnreachable } from './reach.js';
import type { Draft, DraftStep } from './draft.js';
import { parseTemplate } from './expression.js';
import { ownProperty } from './own-property.js';
import { describeStep, portsOf, type GivenPort, type Known } from './ports.js';
import type { Source } from './source.js';

/** What a source gives, and what it is called in a message; or why it is none. */
export type Given = { port: GivenPort; what: string } | { problem: string };

type Output = { step: string; port: string; at?: number | 'index' };

const one = (given: GivenPort): GivenPort => {
  const { type, lists } = given;
  return lists > 0 ? { ...given, lists: lists - 1 } : { type, lists };
};

/** One of a list, where one is asked for. */
const atIndex = (given: Given, at: Output['at']): Given => {
  if (!('port' in given) || at === undefined) return given;
  return given.port.lists === 0 && given.port.type !== 'value'
    ? { problem: `${given.what} gives one ${given.port.type}, no list` }
    : { port: one(given.port), what: `one of ${given.what}` };
};

/** Nothing where nothing can be known of it. */
const outputOf = (draft: Draft, known: Known, { step: name, port, at }: Output): Given[] => {
  const step = draft.steps.get(name);
  const ports = step && portsOf(step, known);
  if (!step || !ports) return [];
  const given = ports.get(port);
  const of = `(${describeStep(step)})`;
  return given
    ? [atIndex({ port: given, what: `output '${name}.${port}' ${of}` }, at)]
    : [
        {
          problem: `step '${name}' ${of} has no output '${port}' (outputs: ${[...ports.keys()].join(', ') || 'none'})`,
        },
      ];
};

const inBrackets =
  /^steps(?:\.(?<name>[a-z][a-z0-9_]*)|\[(?<quote>["'])(?<quoted>[a-z][a-z0-9-]*)\k<quote>\])\.outputs\.(?<port>[A-Za-z][A-Za-z0-9_]*)(?:\[(?<at>[0-9]{1,5})\])?$/;

/** The output, or the one of a list, that a text names, if it is that and nothing else. */
const wholeOutput = (text: unknown): Output | undefined => {
  const [only, ...more] = typeof text === 'string' ? parseTemplate(text) : [];
  if (typeof only !== 'object' || more.length > 0) return undefined;
  if (only.kind === 'output') return only;
  const { name, quoted, port, at } = (only.kind === 'cel' && inBrackets.exec(only.text)?.groups) || {};
  return port === undefined
    ? undefined
    : { step: name ?? quoted ?? '', port, ...(at === undefined ? {} : { at: Number(at) }) };
};

const value: GivenPort = { type: 'value', lists: 0 };

const itemOf = (draft: Draft, known: Known, items: unknown, field: string | undefined): Given[] => {
  if (Array.isArray(items))
    return items.flatMap((item: unknown, index): Given[] => {
      const what = `items[${index}]${field === undefined ? '' : `.${field}`}`;
      const own =
        field === undefined
          ? item
          : typeof item === 'object' && item !== null
            ? ownProperty(item as { [key: string]: unknown }, field)
            : undefined;
      if (own === undefined) return [{ problem: `items[${index}] has no '${field}'` }];
      const output = wholeOutput(own);
      return output
        ? outputOf(draft, known, output).map((given) =>
            'port' in given ? { port: given.port, what: `${what}, ${given.what},` } : given,
          )
        : [{ port: value, what }];
    });
  const output = wholeOutput(items);
  if (!output) return [{ port: value, what: `an item of '${String(items).slice(0, 60)}'` }];
  return outputOf(draft, known, output).map((given) => {
    if (!('port' in given)) return given;
    // Of a field of what is no object of ours, nothing is known but that it is no artifact that we could answer for.
    return {
      port: field === undefined ? one(given.port) : value,
      what: `${field === undefined ? '' : `'${field}' of `}an item of ${given.what}`,
    };
  });
};

/** Several where the items of a `foreach` are of several origins; none where nothing can be known. */
export const givenBySource = (draft: Draft, known: Known, step: DraftStep, source: Source): Given[] => {
  if (source.kind === 'unreadable') return [];
  if (source.kind === 'item')
    return step.foreach ? itemOf(draft, known, step.foreach.items, source.field) : [];
  const unreachable = whyUnreachable(draft, step, source.step);
  if (unreachable !== undefined) return [{ problem: unreachable }];
  if (source.at === 'index' && !step.foreach) return [{ problem: `there is no 'index' without 'foreach'` }];
  return outputOf(draft, known, source);
};
