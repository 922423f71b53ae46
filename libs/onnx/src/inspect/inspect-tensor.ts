import { modelLimits } from './allowed-ops.js';
import { checkUtf8, readBytes, readInt, readInts, readText, refuse, wireFields } from './wire-reader.js';

/** TensorProto.DataType → bytes per element in raw form; strings have none. */
const elementBytes: Record<number, number> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  8: 0,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

/** TensorProto: refuses external data, and a shape that its bytes cannot fill. Returns its name. */
export const inspectTensor = (message: Uint8Array): string => {
  let name = '';
  let type = 0;
  let raw: number | undefined;
  let data = 0;
  const dims: number[] = [];
  for (const field of wireFields(message)) {
    switch (field.number) {
      case 1:
        dims.push(...readInts(field, 'a shape', modelLimits.rank));
        if (dims.length > modelLimits.rank) refuse(`a constant has more than ${modelLimits.rank} dimensions`);
        break;
      case 2:
        type = readInt(field, 'a data type');
        break;
      case 3:
        refuse('a constant is segmented');
        break;
      case 8:
        name = readText(field, 'a name');
        break;
      case 9:
        raw = readBytes(field, 'raw data').length;
        break;
      case 6:
        checkUtf8(field, 'a constant');
        data += 1;
        break;
      case 4:
      case 5:
      case 7:
      case 10:
      case 11:
        data += field.kind === 'varint' ? 1 : field.bytes.length;
        break;
      case 13:
        refuse(`constant '${name}' refers to external data`);
        break;
      case 14:
        if (readInt(field, 'a data location') !== 0) refuse(`constant '${name}' refers to external data`);
        break;
    }
  }
  const size = elementBytes[type];
  if (size === undefined) return refuse(`constant '${name}' has data type ${type}, which is not supported`);
  const elements = dims.reduce((product, dim) => product * dim, 1);
  if (dims.some((dim) => dim < 0) || !(elements <= modelLimits.elements)) {
    refuse(`constant '${name}' has shape [${dims.join(', ')}]`);
  }
  // A packed number takes at least one byte, so bytes bound how many there can be.
  const fits = raw === undefined ? elements <= data : raw === elements * size && data === 0;
  if (elements > 0 && !fits)
    refuse(`constant '${name}' of shape [${dims.join(', ')}] does not have that many values`);
  return name;
};
