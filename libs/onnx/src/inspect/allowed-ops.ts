/**
 * Operators that a model may use: arithmetic, comparison, reduction, selection, dense layers, and classical models.
 * Left out on purpose: control flow (`If`, `Loop`, `Scan`), sequences and maps (`ZipMap`), whatever makes large tensors
 * from small ones (`Expand`, `Tile`, `ConstantOfShape`, `Range`, `Resize`, `Pad`), randomness, custom domains.
 */
export const allowedOps: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    '',
    new Set(
      `Abs Add And ArgMax ArgMin BatchNormalization Cast Ceil Clip Concat Constant Cos Div Dropout Elu Equal Erf Exp
       Flatten Floor Gather GatherElements Gelu Gemm Greater GreaterOrEqual HardSigmoid Identity IsInf IsNaN
       LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max Mean Min Mod Mul Neg Not OneHot Or PRelu
       Pow Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
       ReduceSumSquare Relu Reshape Round Selu Shape Sigmoid Sign Sin Slice Softmax Softplus Softsign Split Sqrt
       Squeeze Sub Sum Tanh TopK Transpose Unsqueeze Where Xor`.split(/\s+/),
    ),
  ],
  [
    'ai.onnx.ml',
    new Set(
      `ArrayFeatureExtractor Binarizer CategoryMapper FeatureVectorizer Imputer LabelEncoder LinearClassifier
       LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble TreeEnsembleClassifier
       TreeEnsembleRegressor`.split(/\s+/),
    ),
  ],
]);

/** Opset versions that the runtime here is known to run. */
export const allowedOpsets: ReadonlyMap<string, { from: number; to: number }> = new Map([
  ['', { from: 7, to: 22 }],
  ['ai.onnx.ml', { from: 1, to: 5 }],
]);

export const modelLimits = {
  /** Of the file. */
  bytes: 256 * 1024 * 1024,
  nodes: 100_000,
  constants: 100_000,
  attributesPerNode: 100,
  inputs: 10_000,
  rank: 8,
  /** Elements of one constant, and the largest extent of any declared shape. */
  elements: 2 ** 27,
  metadataBytes: 4 * 1024 * 1024,
} as const;
