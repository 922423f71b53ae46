import { fitLogisticRegression, fitPreprocessing, random, transformTable, type Table } from '@millrace/ml';
import type { onnx } from 'onnx-proto';
import { buildFusedModel } from '../graph/build-fused-model.js';
import { onnxProto } from '../graph/onnx-proto.js';
import { loadModel } from '../model/load-model.js';
import { inspectModel } from './inspect-model.js';

const table: Table = {
  rows: 4,
  columns: {
    x: { kind: 'number', values: Float64Array.of(1, 2, 3, 5) },
    s: { kind: 'string', values: ['a', 'b', 'a', 'c'] },
  },
};
const fitted = fitPreprocessing({ columns: { x: [{ scale: 'standard' }], s: [{ oneHot: {} }] } }, table);
const { model: estimator } = fitLogisticRegression(transformTable(fitted, table), [0, 1, 0, 1]);
const good = buildFusedModel({ fitted, estimator });

const { ModelProto, TensorProto } = onnxProto();
const encode = (model: onnx.IModelProto) => ModelProto.encode(model).finish();
const tensorType = (shape: onnx.TensorShapeProto.IDimension[], elemType = 1): onnx.ITypeProto => ({
  tensorType: { elemType, shape: { dim: shape } },
});
const value = (
  name: string,
  type = tensorType([{ dimParam: 'N' }, { dimValue: 1 }]),
): onnx.IValueInfoProto => ({ name, type });

/** A model of one Relu, changed. */
const changed = (graph: Partial<onnx.IGraphProto> = {}, model: Partial<onnx.IModelProto> = {}) =>
  encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'g',
      node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
      input: [value('x')],
      output: [value('y')],
      ...graph,
    },
    ...model,
  });
const node = (change: Partial<onnx.INodeProto>) =>
  changed({ node: [{ opType: 'Relu', input: ['x'], output: ['y'], ...change }] });
const constant = (tensor: Partial<onnx.ITensorProto>) =>
  changed({ initializer: [{ name: 'c', dataType: 1, dims: [1], floatData: [1], ...tensor }] });
const notUtf8 = (bytes: Uint8Array) => {
  const copy = Buffer.from(bytes);
  return copy.fill(0xff, copy.indexOf('QQ'), copy.indexOf('QQ') + 2);
};
const subgraph = { name: 'sub', node: [], input: [], output: [] };

const refusal = (reason: string) =>
  expect.objectContaining({
    code: 'data_invalid',
    retryable: false,
    message: expect.stringContaining(reason),
  });

describe('inspectModel', () => {
  it('says what a model of ours needs and is', () => {
    const { opset, ops, inputs, outputs } = inspectModel(good);
    expect(opset).toBe(17);
    expect(ops).toContain('ai.onnx.ml.LabelEncoder');
    expect(inputs.map(({ name, column }) => [name, column])).toEqual([
      ['x', 'number'],
      ['s', 'string'],
    ]);
    expect(outputs.map(({ name }) => name)).toEqual(['label', 'probabilities']);
  });

  it('reads fixed, symbolic and unnamed dimensions, and leaves out inputs that are constants', () => {
    const shape = tensorType([{ dimValue: 3 }, { dimParam: 'N' }, {}]);
    const bytes = changed({
      input: [value('x', shape), value('c')],
      initializer: [{ name: 'c', dataType: 1, dims: [1], floatData: [1] }],
    });
    expect(inspectModel(bytes).inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [3, -1, -1] }]);
  });

  it('takes a depth that is a constant, or the output of one', () => {
    const oneHot = { opType: 'OneHot', input: ['x', 'c', 'v'], output: ['y'] };
    const initializer = [{ name: 'c', dataType: 1, dims: [1], floatData: [1] }];
    expect(inspectModel(changed({ node: [oneHot], initializer })).ops).toEqual(['OneHot']);
    const made = { opType: 'Constant', output: ['c'] };
    expect(inspectModel(changed({ node: [oneHot, made] })).ops).toEqual(['Constant', 'OneHot']);
  });

  it('takes the default domain under either of its names', () => {
    expect(inspectModel(changed({}, { opsetImport: [{ domain: 'ai.onnx', version: 17 }] })).opset).toBe(17);
    expect(inspectModel(node({ domain: 'ai.onnx' })).ops).toEqual(['Relu']);
  });

  it.each([
    ['Loop', node({ opType: 'Loop' }), "operator 'Loop' is not allowed"],
    ['Scan', node({ opType: 'Scan' }), "operator 'Scan' is not allowed"],
    ['If', node({ opType: 'If' }), "operator 'If' is not allowed"],
    [
      'ZipMap',
      node({ opType: 'ZipMap', domain: 'ai.onnx.ml' }),
      "operator 'ai.onnx.ml.ZipMap' is not allowed",
    ],
    ['an op that makes large tensors', node({ opType: 'Expand' }), "operator 'Expand' is not allowed"],
    [
      'a OneHot whose depth a request decides',
      node({ opType: 'OneHot', input: ['i', 'x', 'v'] }),
      "'OneHot' has a depth that is no constant: 'x'",
    ],
    ['a OneHot without a depth', node({ opType: 'OneHot', input: ['i'] }), "is no constant: ''"],
    ['a node without op', node({ opType: '' }), "operator '' is not allowed"],
    ['an unknown domain', node({ domain: 'com.evil' }), "domain 'com.evil' is not allowed"],
    [
      'an unknown domain imported',
      changed({}, { opsetImport: [{ domain: 'com.evil', version: 1 }] }),
      "'com.evil'",
    ],
    [
      'a graph in an allowed op',
      node({ attribute: [{ name: 'body', type: 5, g: subgraph }] }),
      'graph inside',
    ],
    [
      'graphs in an allowed op',
      node({ attribute: [{ name: 'body', type: 10, graphs: [subgraph] }] }),
      'graph inside',
    ],
    [
      'a sparse attribute',
      node({ attribute: [{ name: 'a', type: 11, sparseTensor: {} }] }),
      'neither a value',
    ],
    [
      'an attribute of a function',
      node({ attribute: [{ name: 'a', refAttrName: 'b' }] }),
      'attribute of a function',
    ],
    ['functions', changed({}, { functions: [{ name: 'f' }] }), 'functions of its own'],
    ['training information', changed({}, { trainingInfo: [{}] }), 'training information'],
    ['sparse constants', changed({ sparseInitializer: [{}] }), 'sparse constants'],
    [
      'external data',
      constant({
        floatData: [],
        externalData: [{ key: 'location', value: '../../etc/passwd' }],
        dataLocation: TensorProto.DataLocation.EXTERNAL,
      }),
      'external data',
    ],
    [
      'an external location alone',
      constant({ dataLocation: TensorProto.DataLocation.EXTERNAL }),
      'external data',
    ],
    [
      'external data in an attribute',
      node({
        attribute: [
          {
            name: 'value',
            type: 4,
            t: { dataType: 1, dims: [1], externalData: [{ key: 'location', value: 'x' }] },
          },
        ],
      }),
      'external data',
    ],
    [
      'a string that is not UTF-8',
      constant({ dataType: 8, floatData: [], stringData: [Uint8Array.of(0xff)] }),
      'a constant has a string that is not UTF-8',
    ],
    [
      'strings that are not UTF-8 in an attribute',
      node({
        attribute: [{ name: 'a', type: 8, strings: [Uint8Array.of(0x61), Uint8Array.of(0xed, 0xa0, 0x80)] }],
      }),
      'an attribute has a string that is not UTF-8',
    ],
    [
      'fewer strings than its shape says',
      constant({ dataType: 8, dims: [2], floatData: [], stringData: [Buffer.from('ab')] }),
      'does not have that many values',
    ],
    ['segments', constant({ segment: { begin: 0, end: 1 } }), 'segmented'],
    ['a shape that its data cannot fill', constant({ dims: [1000] }), 'does not have that many values'],
    [
      'a shape that its raw data cannot fill',
      constant({ dims: [2], floatData: [], rawData: new Uint8Array(4) }),
      'does not have that many values',
    ],
    ['a huge constant', constant({ dims: [1 << 20, 1 << 20] }), 'has shape [1048576, 1048576]'],
    ['a constant whose size overflows', constant({ dims: Array<number>(8).fill(2 ** 31) }), 'has shape'],
    ['a negative size', constant({ dims: [-1] }), 'has shape [-1]'],
    ['too many dimensions', constant({ dims: Array<number>(100).fill(1) }), 'entries'],
    ['a constant of unknown type', constant({ dataType: 99 }), 'data type 99'],
    ['a huge input', changed({ input: [value('x', tensorType([{ dimValue: 2 ** 40 }]))] }), 'has shape'],
    [
      'a negative dimension',
      changed({ input: [value('x', tensorType([{ dimValue: -5 }]))] }),
      'negative dimension',
    ],
    ['an input of unknown type', changed({ input: [value('x', tensorType([], 16))] }), 'element type 16'],
    [
      'a sequence as input',
      changed({ input: [value('x', { sequenceType: { elemType: tensorType([]) } })] }),
      'not a tensor',
    ],
    [
      'an input without shape',
      changed({ input: [value('x', { tensorType: { elemType: 1 } })] }),
      'has no shape',
    ],
    ['an input without type', changed({ input: [{ name: 'x' }] }), 'has no type'],
    ['one name twice', changed({ input: [value('x'), value('x')] }), 'one name'],
    ['no outputs', changed({ output: [] }), 'no outputs'],
    ['no graph', encode({ irVersion: 8, opsetImport: [{ version: 17 }] }), 'no graph'],
    ['no operator set', changed({}, { opsetImport: [] }), 'does not say which operator set'],
    ['an operator set from the future', changed({}, { opsetImport: [{ version: 99 }] }), 'version 99'],
    ['a second graph in one file', Buffer.concat([changed(), node({ opType: 'Loop' })]), 'two graphs'],
    ['two benign graphs in one file', Buffer.concat([changed(), changed()]), 'two graphs'],
    ['a name that never ends', changed({ input: [value('x'.repeat(5000))] }), 'longer than'],
    ['a name that is not UTF-8', notUtf8(changed({ input: [value('QQ')] })), 'not UTF-8'],
    [
      'metadata that is no JSON',
      changed({}, { metadataProps: [{ key: 'millrace.columns', value: '{' }] }),
      'not JSON',
    ],
    ['nothing', new Uint8Array(0), 'no graph'],
  ] as [string, Uint8Array, string][])('refuses %s', (_, bytes, reason) => {
    expect(() => inspectModel(bytes)).toThrow(refusal(reason));
  });

  it('refuses nesting however deep, without following it', () => {
    let inner: onnx.IGraphProto = subgraph;
    for (let depth = 0; depth < 500; depth++) {
      inner = {
        ...subgraph,
        node: [{ opType: 'If', attribute: [{ name: 'then_branch', type: 5, g: inner }] }],
      };
    }
    expect(() => inspectModel(changed(inner))).toThrow(refusal('graph inside'));
  });

  it('refuses a file cut off anywhere', () => {
    for (let length = 0; length < good.length; length++) {
      // What is left can be whole by chance only where the metadata, at the end, is cut at a field.
      try {
        inspectModel(good.subarray(0, length));
      } catch (error) {
        expect(error).toEqual(refusal(''));
      }
    }
    expect(() => inspectModel(good.subarray(0, good.length >> 1))).toThrow(refusal('cut off'));
  });

  it('refuses random bytes', () => {
    const { below } = random(3);
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from({ length: 1 + below(200) }, () => below(256));
      expect(() => inspectModel(bytes)).toThrow(refusal(''));
    }
  });
});

describe('loadModel', () => {
  it('survives every flipped bit it is given: refuses it, or loads what is left', async () => {
    const { below } = random(11);
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const bytes = Uint8Array.from(good);
      bytes[below(bytes.length)]! ^= 1 << below(8);
      try {
        await using _model = await loadModel(bytes);
      } catch (error) {
        refused += 1;
        expect(error).toEqual(expect.objectContaining({ code: 'data_invalid' }));
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  it('refuses a graph that passes inspection but makes no sense, with the reason', async () => {
    await expect(loadModel(node({ input: ['nowhere'] }))).rejects.toEqual(
      expect.objectContaining({ code: 'data_invalid', message: expect.stringContaining('nowhere') }),
    );
  });

  it('names a file that is not there', async () => {
    await expect(loadModel('/nowhere/model.onnx')).rejects.toEqual(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});
