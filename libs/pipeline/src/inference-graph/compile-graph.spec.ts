import type { DomainError, GraphPorts, TensorSpec } from '@millrace/contracts';
import { compileGraph } from './compile-graph.js';
import { readGraph } from './read-graph.js';

const spec = (text: string): TensorSpec => {
  const [name, datatype, shape] = text.split(' ');
  return { name: name!, datatype: datatype!, shape: JSON.parse(shape!) as number[] };
};
const ports = (inputs: string[], outputs: string[], classes?: string[]): GraphPorts => ({
  task: classes ? 'multiclass' : 'regression',
  ...(classes ? { classes } : {}),
  signature: { inputs: inputs.map(spec), outputs: outputs.map(spec) },
});
const compile = (nodes: object, leaves: Record<string, GraphPorts>) => {
  const models = Object.fromEntries(Object.keys(leaves).map((name) => [name, { model: 'm' }]));
  const { definition, lineOf } = readGraph({ name: 'g', nodes: { ...models, ...nodes } });
  return compileGraph(definition, new Map(Object.entries(leaves)), lineOf);
};
const mistakesIn = (nodes: object, leaves: Record<string, GraphPorts>): string[] => {
  try {
    compile(nodes, leaves);
    return [];
  } catch (error) {
    return (error as DomainError).details!.fields!.map(({ field, message }) => `${field}: ${message}`);
  }
};
const show = ({ signature }: GraphPorts) =>
  [signature.inputs, signature.outputs].map((side) =>
    side.map(({ name, datatype, shape }) => `${name} ${datatype} ${JSON.stringify(shape)}`),
  );
const line = ports(['x FP32 [-1,1]'], ['prediction FP32 [-1,1]']);
const classifier = (classes = ['a', 'b']) =>
  ports(['x FP32 [-1,1]'], ['label INT64 [-1]', `probabilities FP32 [-1,${classes.length}]`], classes);

describe('compileGraph', () => {
  it('connects a chain by name, takes from the chain itself and from any step before, and renames', () => {
    const { ports: found } = compile(
      {
        c: {
          chain: [
            'a',
            { node: 'b', inputs: { x: 'prediction', y: 'inputs.x', z: 'a.prediction', w: 'inputs.w' } },
          ],
          outputs: { first: 'a.prediction', second: 'out' },
        },
      },
      {
        a: line,
        b: ports(['x FP32 [-1,1]', 'y FP32 [-1,-1]', 'z FP32 [-1,1]', 'w INT64 [-1]'], ['out FP64 [-1]']),
      },
    );
    expect(show(found)).toEqual([
      ['x FP32 [-1,1]', 'w INT64 [-1]'],
      ['first FP32 [-1,1]', 'second FP64 [-1]'],
    ]);
  });

  it('names, of everything that does not fit in a chain, the node and the port', () => {
    expect(
      mistakesIn(
        {
          c: { chain: ['a', 'b'] },
          d: {
            chain: ['a', { node: 'e', inputs: { x: 'prediction', q: 'prediction' } }],
            outputs: { o: 'nothing' },
          },
          all: { chain: ['c', 'd'] },
        },
        { a: line, b: line, e: ports(['x INT64 [-1,1]', 'v FP32 [-1,3]'], ['out FP32 [-1]']) },
      ),
    ).toEqual([
      "nodes.c.chain[1]: node 'c': input 'x' of 'b': nothing before it gives 'x'; 'a' gives 'prediction'",
      "nodes.d.chain[1].inputs.q: node 'd': 'e' has no input 'q'; it has 'x', 'v'",
      "nodes.d.chain[1].inputs.x: node 'd': input 'x' of 'e': output 'prediction' of 'a': FP32 is not INT64",
      "nodes.d.chain[1]: node 'd': input 'v' of 'e': nothing before it gives 'v'; 'a' gives 'prediction'",
      "nodes.d.outputs.o: node 'd': nothing before it gives 'nothing'; 'e' gives 'out'",
    ]);
  });

  it.each([
    ['[-1,4]', '[-1,3]', 'the shape [-1,4] does not fit [-1,3]'],
    ['[-1]', '[-1,1]', 'the shape [-1] does not fit [-1,1]'],
  ])('refuses %s for %s', (given, wanted, message) => {
    const leaves = {
      a: ports(['x FP32 [-1]'], [`y FP32 ${given}`]),
      b: ports([`y FP32 ${wanted}`], ['z FP32 [-1]']),
    };
    expect(mistakesIn({ c: { chain: ['a', 'b'] } }, leaves).join()).toContain(message);
  });

  it('averages probabilities, with the label that follows from them; votes on labels; gives each', () => {
    const leaves = { a: classifier(), b: classifier() };
    const of = (combine: string) => compile({ e: { ensemble: ['a', 'b'], combine } }, leaves);
    expect(show(of('average').ports)[1]).toEqual(['label INT64 [-1]', 'probabilities FP32 [-1,2]']);
    expect(of('average').ports.classes).toEqual(['a', 'b']);
    expect(show(of('vote').ports)[1]).toEqual(['label INT64 [-1]']);
    expect(show(of('each').ports)[1]).toEqual([
      'a.label INT64 [-1]',
      'a.probabilities FP32 [-1,2]',
      'b.label INT64 [-1]',
      'b.probabilities FP32 [-1,2]',
    ]);
  });

  it('refuses ensembles of what is not alike', () => {
    const other = ports(['x FP64 [-1,1]'], ['y FP32 [-1,1]']);
    expect(mistakesIn({ e: { ensemble: ['a', 'b'], combine: 'average' } }, { a: line, b: other })).toEqual([
      "nodes.e.ensemble[1]: node 'e': input 'x' of 'b' and of 'a': FP32 is not FP64",
      "nodes.e.ensemble[1]: node 'e': output 'prediction' of 'b': is missing; it gives 'y'",
    ]);
    expect(
      mistakesIn(
        { e: { ensemble: ['a', 'b'], combine: 'vote' } },
        { a: classifier(), b: classifier(['b', 'a']) },
      ),
    ).toEqual([
      "nodes.e.ensemble[1]: node 'e': the classes of 'b' are not those of 'a', or in another order",
    ]);
    expect(mistakesIn({ e: { ensemble: ['a'], combine: 'vote' } }, { a: line })).toEqual([
      "nodes.e.combine: node 'e': 'a' gives no classes, texts or integers to vote on: it gives 'prediction'",
    ]);
  });

  it('routes where all branches give the same, by inputs of one value for each row', () => {
    const wide = ports(['x FP32 [-1,1]', 'v FP32 [-1,3]'], ['prediction FP32 [-1,1]']);
    const route = (when: string, node = 'b') => ({ r: { route: [{ when, node }], default: 'a' } });
    const leaves = { a: line, b: wide };
    expect(show(compile(route('inputs.x > 1.0 && parameters.tier == "gold"'), leaves).ports)[0]).toEqual([
      'x FP32 [-1,1]',
      'v FP32 [-1,3]',
    ]);
    expect(mistakesIn(route('inputs.v > 1.0'), leaves)).toEqual([
      "nodes.r.route[0].when: node 'r': input 'v' is of the shape [-1,3]: conditions read what has one value for each row",
    ]);
    expect(mistakesIn(route('inputs.y > 1.0'), leaves)).toEqual([
      "nodes.r.route[0].when: node 'r': there is no input 'y': there are 'x', 'v'",
    ]);
    expect(mistakesIn(route('true'), { a: line, b: ports([], ['y FP32 [-1]']) })).toEqual([
      "nodes.r.route[0].node: node 'r': output 'y' of 'b' is none of 'a', which gives 'prediction'",
      "nodes.r.route[0].node: node 'r': output 'prediction' of 'b': is missing",
    ]);
  });
});
