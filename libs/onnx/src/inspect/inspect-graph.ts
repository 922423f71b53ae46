import type { TensorSpec } from '@millrace/contracts';
import { allowedOps, modelLimits } from './allowed-ops.js';
import { inspectTensor } from './inspect-tensor.js';
import { inspectValue } from './inspect-value.js';
import { checkUtf8, readBytes, readText, refuse, wireFields } from './wire-reader.js';

export interface InspectedGraph {
  /** Distinct, sorted; with their domain unless it is ONNX's own. */
  ops: string[];
  inputs: TensorSpec[];
  outputs: TensorSpec[];
}

/** GraphProto. */
export const inspectGraph = (message: Uint8Array): InspectedGraph => {
  const ops = new Set<string>();
  const constants = new Set<string>();
  const inputs: TensorSpec[] = [];
  const outputs: TensorSpec[] = [];
  const made = new Set<string>();
  /** Values that decide how large a tensor is. Looked at in the end, since constants may come later. */
  const sizes = new Set<string>();
  let nodes = 0;
  const node = (message: Uint8Array): void => {
    const { op, inputs: read, outputs: written } = inspectNode(message);
    ops.add(op);
    if (op === 'Constant') written.forEach((name) => made.add(name));
    if (op === 'OneHot') sizes.add(read[1] ?? '');
  };
  for (const field of wireFields(message)) {
    switch (field.number) {
      case 1:
        if (++nodes > modelLimits.nodes) refuse(`it has more than ${modelLimits.nodes} nodes`);
        node(readBytes(field, 'a node'));
        break;
      case 5:
        constants.add(inspectTensor(readBytes(field, 'a constant')));
        if (constants.size > modelLimits.constants)
          refuse(`it has more than ${modelLimits.constants} constants`);
        break;
      case 11:
        inputs.push(inspectValue(readBytes(field, 'an input')));
        break;
      case 12:
        outputs.push(inspectValue(readBytes(field, 'an output')));
        break;
      case 15:
        refuse('it has sparse constants');
    }
    if (inputs.length + outputs.length > modelLimits.inputs)
      refuse(`it has more than ${modelLimits.inputs} inputs`);
  }
  const names = [...inputs, ...outputs].map(({ name }) => name);
  if (new Set(names).size < names.length) refuse('two of its inputs or outputs have one name');
  for (const name of sizes)
    if (!constants.has(name) && !made.has(name))
      refuse(`'OneHot' has a depth that is no constant: '${name}'`);
  if (outputs.length === 0) refuse('it has no outputs');
  return { ops: [...ops].sort(), inputs: inputs.filter(({ name }) => !constants.has(name)), outputs };
};

interface InspectedNode {
  op: string;
  inputs: string[];
  outputs: string[];
}

/** NodeProto */
const inspectNode = (message: Uint8Array): InspectedNode => {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let op: string | undefined;
  let domain: string | undefined;
  let attributes = 0;
  for (const field of wireFields(message)) {
    if (field.number === 1) inputs.push(readText(field, 'a name'));
    else if (field.number === 2) outputs.push(readText(field, 'a name'));
    else if (field.number === 4) {
      if (op !== undefined) refuse('a node has two operators');
      op = readText(field, 'an operator');
    } else if (field.number === 7) {
      if (domain !== undefined) refuse('a node has two domains');
      domain = readText(field, 'a domain');
    } else if (field.number === 5) {
      if (++attributes > modelLimits.attributesPerNode) refuse('a node has too many attributes');
      inspectAttribute(readBytes(field, 'an attribute'));
    }
  }
  const known = normalDomain(domain ?? '');
  const full = known === '' ? (op ?? '') : `${known}.${op ?? ''}`;
  const allowed = allowedOps.get(known) ?? refuse(`domain '${known}' is not allowed`);
  if (!allowed.has(op ?? '')) refuse(`operator '${full}' is not allowed`);
  return { op: full, inputs, outputs };
};

/** `ai.onnx` is another name of the default domain. */
export const normalDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** AttributeProto: plain values and tensors; no graphs, so nothing nests. */
const inspectAttribute = (message: Uint8Array): void => {
  for (const field of wireFields(message)) {
    switch (field.number) {
      case 4:
      case 9:
        checkUtf8(field, 'an attribute');
        break;
      case 5:
      case 10:
        inspectTensor(readBytes(field, 'a tensor'));
        break;
      case 6:
      case 11:
        refuse('it has a graph inside of a node');
        break;
      case 14:
      case 15:
      case 22:
      case 23:
        refuse('it has an attribute that is neither a value nor a dense tensor');
        break;
      case 21:
        refuse('it has an attribute of a function');
    }
  }
};
