import { graphLimits, type DomainError } from '@millrace/contracts';
import { readGraph } from './read-graph.js';

const mistakesIn = (source: unknown): string[] => {
  try {
    readGraph(source);
    return [];
  } catch (error) {
    const { fields } = (error as DomainError).details!;
    return fields!.map(({ field, message, line }) => `${line ?? '-'} ${field}: ${message}`);
  }
};
const m = { model: 'm' };

describe('readGraph', () => {
  it('reads YAML, and finds the node that answers', () => {
    const { definition } = readGraph(`
name: triage
nodes:
  a: { model: big@champion }
  b: { model: small@3 }
  pick: { route: [{ when: parameters.tier == "gold", node: a }], default: b }`);
    expect(definition).toMatchObject({
      name: 'triage',
      root: 'pick',
      nodes: { a: { model: 'big@champion' } },
    });
  });

  it('names every mistake at once, each with its line', () => {
    expect(
      mistakesIn(`name: Triage
nodes:
  a: { model: "m@" }
  b: { model: m, endpoint: e }
  c:
    chain: [a, { node: b, input: {} }]
    weights: {}
  d: { ensemble: [a, a], combine: mean }
  e: { route: [{ when: "parameters.x ==", node: a }, { when: outputs.x, node: b }] }
more: 1`),
    ).toEqual([
      expect.stringContaining('1 name: must be a name'),
      expect.stringContaining('3 nodes.a.model: must be a model of the registry'),
      '4 nodes.b: must have exactly one of model, endpoint, chain, ensemble, route',
      '6 nodes.c.chain[1].input: is not known: a step has node, inputs',
      "7 nodes.c.weights: means nothing to a node of the kind 'chain'",
      "8 nodes.d.ensemble[1]: 'a' is there already",
      '8 nodes.d.combine: must be one of average, vote, each',
      '9 nodes.e.default: must be the node for what no condition holds of',
      expect.stringMatching(/^9 nodes\.e\.route\[0\]\.when: .+ \(at character \d+\)$/),
      "9 nodes.e.route[1].when: 'outputs' is not known: there are parameters.<name> and inputs.<name>",
      '10 more: is not known: a graph has name, nodes, root',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'definition: must be an object'],
    ['a list', [], 'definition: must be an object'],
    ['broken YAML', 'nodes: [', 'definition: '],
    ['no nodes', { name: 'g', nodes: {} }, 'nodes: has 0 nodes'],
    [
      'too many nodes',
      { name: 'g', nodes: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`n${i}`, m])) },
      'has 33 nodes',
    ],
    [
      'a long text',
      { name: 'g', nodes: { a: { model: 'x'.repeat(graphLimits.text) } } },
      'more than the limit of 65536',
    ],
    [
      'a node that is not there',
      { name: 'g', nodes: { a: { chain: ['b'] } } },
      "nodes.a.chain[0]: there is no node 'b'",
    ],
    [
      'a property of every object',
      { name: 'g', nodes: { a: { chain: ['toString'] } } },
      "there is no node 'toString'",
    ],
    ['a node that uses itself', { name: 'g', nodes: { a: { chain: ['a'] } } }, 'nodes.a: uses itself: a → a'],
    ['a circle', { name: 'g', nodes: { a: { chain: ['b'] }, b: { route: [], default: 'a' } } }, 'route'],
    [
      'a circle of two',
      { name: 'g', nodes: { a: { chain: ['b'] }, b: { chain: ['a'] } } },
      'uses itself: a → b → a',
    ],
    [
      'two that could answer',
      { name: 'g', nodes: { a: m, b: m } },
      'root: must say which node answers: a, b',
    ],
    ['a root that is not there', { name: 'g', root: 'c', nodes: { a: m } }, "root: there is no node 'c'"],
    [
      'a node that nobody uses',
      { name: 'g', root: 'b', nodes: { a: m, b: m } },
      'nodes.a: is used by no other node',
    ],
    [
      'a weight of nothing',
      { name: 'g', nodes: { a: m, b: { ensemble: ['a'], combine: 'vote', weights: { a: 0 } } } },
      'weights.a: must be a number above 0',
    ],
    [
      'a regular expression',
      {
        name: 'g',
        nodes: { a: m, b: { route: [{ when: 'parameters.x.matches("(a+)+$")', node: 'a' }], default: 'a' } },
      },
      'matches() is not offered',
    ],
    [
      'a condition that is none',
      { name: 'g', nodes: { a: m, b: { route: [{ when: '1 + 1', node: 'a' }], default: 'a' } } },
      'must be true or false, and is int',
    ],
    [
      'all inputs',
      { name: 'g', nodes: { a: m, b: { route: [{ when: 'size(inputs) > 1', node: 'a' }], default: 'a' } } },
      'must name the input',
    ],
  ])('refuses %s', (_, source, message) => {
    expect(mistakesIn(source).join('\n')).toContain(message);
  });

  const chains = (length: number, parts: (below: string) => object) =>
    Object.fromEntries(Array.from({ length }, (_, i) => [`n${i}`, i === 0 ? m : parts(`n${i - 1}`)]));

  it('refuses what is too deep, and what one request would cost too much', () => {
    expect(mistakesIn({ name: 'g', nodes: chains(9, (below) => ({ chain: [below] })) })).toEqual([
      '- nodes.n8: has nodes 9 deep, more than the limit of 8',
    ]);
    const doubled: Record<string, object> = { n0: m };
    for (let i = 1; i <= 3; i++) {
      const sides = Array.from({ length: 5 }, (_, k) => `n${i}-${k}`);
      for (const side of sides) doubled[side] = { chain: [`n${i - 1}`] };
      doubled[`n${i}`] = { ensemble: sides, combine: 'each' };
    }
    expect(mistakesIn({ name: 'g', nodes: doubled })).toEqual([
      '- nodes.n3: runs 125 models for a request, more than the limit of 64',
    ]);
  });

  it('has no trouble with names of JavaScript', () => {
    const source = '{"name": "g", "nodes": {"__proto__": {"model": "m"}, "constructor": {"chain": ["a"]}}}';
    expect(mistakesIn(source).join()).toContain('nodes.__proto__: must be a name');
  });
});
