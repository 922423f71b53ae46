import { datatypes, type Datatype } from '@millrace/contracts';
import type { Graph, Port } from './onnx-file.js';

/** A model that the suite knows, and one row of what it answers. */
export interface SuiteModel extends Graph {
  name: string;
  example: { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
}

const examples: Partial<Record<Datatype, unknown>> = { BOOL: true, BYTES: 'a' };

/** y = x, one element a row: what comes out is what went in, or somebody between altered it. */
const identity = (datatype: Datatype): SuiteModel => {
  const value = examples[datatype] ?? 1;
  return {
    name: identityOf(datatype),
    inputs: [{ name: 'x', datatype, width: 1 }],
    steps: [{ op: 'Identity', inputs: ['x'], output: 'y' }],
    outputs: [{ name: 'y', datatype, width: 1 }],
    example: { inputs: { x: value }, outputs: { y: datatype === 'BOOL' ? 1 : value } },
  };
};

export const identityOf = (datatype: Datatype): string => `conformance-${datatype.toLowerCase()}`;

const sixteen = (name: string): Port => ({ name, datatype: 'INT32', width: 16 });
const ones = Array<number>(16).fill(1);

/** Two inputs and two outputs of sixteen INT32, sum and difference: what the examples of Triton call "simple". */
export const simple: SuiteModel = {
  name: 'conformance-simple',
  inputs: [sixteen('INPUT0'), sixteen('INPUT1')],
  steps: [
    { op: 'Add', inputs: ['INPUT0', 'INPUT1'], output: 'OUTPUT0' },
    { op: 'Sub', inputs: ['INPUT0', 'INPUT1'], output: 'OUTPUT1' },
  ],
  outputs: [sixteen('OUTPUT0'), sixteen('OUTPUT1')],
  example: {
    inputs: { INPUT0: ones, INPUT1: ones },
    outputs: { OUTPUT0: ones.map(() => 2), OUTPUT1: ones.map(() => 0) },
  },
};

export const suiteModels: readonly SuiteModel[] = [simple, ...datatypes.map(identity)];
