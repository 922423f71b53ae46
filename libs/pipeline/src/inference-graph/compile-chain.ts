import type { GraphChain, TensorSpec } from '@millrace/contracts';
import type { Find, Say } from './compile-graph.js';
import type { CompiledChain, CompiledNode, From } from './compiled.js';
import { findPort, listPorts, mismatch, narrow } from './match-ports.js';

export const compileChain = (
  name: string,
  { chain, outputs }: GraphChain,
  find: Find,
  say: Say,
): CompiledChain | undefined => {
  const declared = chain.map((step) => (typeof step === 'string' ? { node: step, inputs: {} } : step));
  const nodes = declared.map(({ node }) => find(node));
  declared.forEach(({ node }, i) => {
    if (declared.findIndex((one) => one.node === node) < i) say(['chain', i], `'${node}' is there already`);
  });
  if (!nodes.every((node) => node !== undefined)) return undefined;
  const wiring = new Wiring(nodes);
  const steps = declared.map(({ node: step, inputs = {} }, i) => {
    const node = nodes[i]!;
    const wanted = node.ports.signature.inputs;
    for (const port of Object.keys(inputs))
      if (!findPort(wanted, port))
        say(['chain', i, 'inputs', port], `'${step}' has no input '${port}'; it has ${listPorts(wanted)}`);
    const wired = wanted.map((port) => {
      const text = Object.hasOwn(inputs, port.name) ? inputs[port.name]! : port.name;
      const from = wiring.find(text, i);
      const problem = from ? wiring.connect(from, port) : wiring.missing(text, i);
      const at = Object.hasOwn(inputs, port.name) ? ['chain', i, 'inputs', port.name] : ['chain', i];
      if (problem) say(at, `input '${port.name}' of '${step}': ${problem}`);
      return [port.name, from ?? { step: -1, name: text }] as const;
    });
    return { node, inputs: new Map<string, From>(wired) };
  });
  const last = nodes.at(-1)!;
  const given =
    outputs ?? Object.fromEntries(last.ports.signature.outputs.map((port) => [port.name, port.name]));
  const out = Object.entries(given).map(([output, text]) => {
    const from = wiring.find(text, nodes.length);
    const spec = from && wiring.specOf(from);
    if (!spec) say(['outputs', output], wiring.missing(text, nodes.length));
    return { output, from, spec };
  });
  const { task, classes } = last.ports;
  return {
    kind: 'chain',
    name,
    steps,
    outputs: new Map(out.flatMap(({ output, from }) => (from ? [[output, from]] : []))),
    ports: {
      task,
      ...(classes ? { classes } : {}),
      signature: {
        inputs: [...wiring.inputs.values()],
        outputs: out.flatMap(({ output, spec }) => (spec ? [{ ...spec, name: output }] : [])),
      },
    },
  };
};

/** What is there to take an input from. */
class Wiring {
  /** Of the chain: whatever its steps want of it. */
  readonly inputs = new Map<string, TensorSpec>();

  constructor(private readonly nodes: readonly CompiledNode[]) {}

  /** @param step the one that asks: it sees those before it */
  find(text: string, step: number): From | undefined {
    if (step > 0 && findPort(this.outputsOf(step - 1), text)) return { step: step - 1, name: text };
    const dot = text.indexOf('.');
    const [before, name] = dot < 0 ? ['', text] : [text.slice(0, dot), text.slice(dot + 1)];
    if (before === 'inputs') return { step: -1, name };
    const at = this.nodes.slice(0, step).findIndex((node) => node.name === before);
    if (at >= 0) return findPort(this.outputsOf(at), name) ? { step: at, name } : undefined;
    return step === 0 ? { step: -1, name: text } : undefined;
  }

  /** @returns why it does not fit */
  connect(from: From, wanted: TensorSpec): string | undefined {
    const given = this.specOf(from);
    const problem = given && mismatch(given, wanted);
    if (problem) return `${this.nameOf(from)}: ${problem}`;
    if (from.step === -1)
      this.inputs.set(
        from.name,
        given ? narrow(given, { ...wanted, name: from.name }) : { ...wanted, name: from.name },
      );
    return undefined;
  }

  specOf({ step, name }: From): TensorSpec | undefined {
    return step === -1 ? this.inputs.get(name) : findPort(this.outputsOf(step), name);
  }

  missing(text: string, step: number): string {
    const before = this.nodes[step - 1];
    const gives = before ? `; '${before.name}' gives ${listPorts(this.outputsOf(step - 1))}` : '';
    return `nothing before it gives '${text.slice(0, 128)}'${gives}`;
  }

  private nameOf({ step, name }: From): string {
    return step === -1 ? `input '${name}' of the chain` : `output '${name}' of '${this.nodes[step]!.name}'`;
  }

  private outputsOf(step: number): TensorSpec[] {
    return this.nodes[step]!.ports.signature.outputs;
  }
}
