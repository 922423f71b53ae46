import { columnTypes, type ColumnType, type TensorSpec } from '@millrace/contracts';
import { columnsKey } from '../graph/column-metadata.js';
import { allowedOpsets, modelLimits } from './allowed-ops.js';
import { inspectGraph, normalDomain, type InspectedGraph } from './inspect-graph.js';
import { readBytes, readInt, readText, refuse, wireFields } from './wire-reader.js';

export interface ModelInspection {
  /** Version of ONNX's own operator set. */
  opset: number;
  /** Distinct operators, sorted. */
  ops: string[];
  inputs: TensorSpec[];
  outputs: TensorSpec[];
  metadata: Record<string, string>;
}

/**
 * Reads what an ONNX file asks for, and refuses it unless that is plainly harmless: only allow-listed operators of known
 * versions, no external data, no nested graphs, no functions, no sparse or segmented constants, shapes within limits and
 * constants that have as many values as they claim. Nothing is decoded into objects before it is checked.
 * @throws DomainError `data_invalid` with the reason
 */
export const inspectModel = (bytes: Uint8Array): ModelInspection => {
  if (bytes.length > modelLimits.bytes)
    refuse(`it has ${bytes.length} bytes, more than ${modelLimits.bytes}`);
  let graph: InspectedGraph | undefined;
  let opset: number | undefined;
  let metadataBytes = 0;
  const metadata: Record<string, string> = {};
  for (const field of wireFields(bytes)) {
    switch (field.number) {
      case 7:
        if (graph) refuse('it has two graphs');
        graph = inspectGraph(readBytes(field, 'the graph'));
        break;
      case 8: {
        const { domain, version } = inspectOpset(readBytes(field, 'an operator set'));
        if (domain === '') opset = version;
        break;
      }
      case 14: {
        metadataBytes += readBytes(field, 'metadata').length;
        if (metadataBytes > modelLimits.metadataBytes) refuse('its metadata is too large');
        const [key, value] = inspectEntry(readBytes(field, 'metadata'));
        metadata[key] = value;
        break;
      }
      case 20:
        refuse('it has training information');
        break;
      case 25:
        refuse('it has functions of its own');
    }
  }
  if (!graph) return refuse('it has no graph');
  if (opset === undefined) return refuse('it does not say which operator set it uses');
  return { opset, ...graph, inputs: withColumns(graph.inputs, metadata[columnsKey]), metadata };
};

const inspectOpset = (message: Uint8Array): { domain: string; version: number } => {
  let domain = '';
  let version = 0;
  for (const field of wireFields(message)) {
    if (field.number === 1) domain = normalDomain(readText(field, 'a domain'));
    if (field.number === 2) version = readInt(field, 'a version');
  }
  const allowed = allowedOpsets.get(domain) ?? refuse(`domain '${domain}' is not allowed`);
  if (version < allowed.from || version > allowed.to) {
    refuse(
      `version ${version} of operator set '${domain || 'ai.onnx'}' is not ${allowed.from} to ${allowed.to}`,
    );
  }
  return { domain, version };
};

const inspectEntry = (message: Uint8Array): [string, string] => {
  let key = '';
  let value = '';
  for (const field of wireFields(message)) {
    if (field.number === 1) key = readText(field, 'a metadata key');
    if (field.number === 2) value = readText(field, 'a metadata value', modelLimits.metadataBytes);
  }
  return [key, value];
};

/** Adds each input's column type, where the file says it and it fits the datatype. */
const withColumns = (inputs: TensorSpec[], json: string | undefined): TensorSpec[] => {
  const declared = readColumns(json);
  return inputs.map((input) => {
    const type = Object.hasOwn(declared, input.name) ? declared[input.name] : undefined;
    const column = columnTypes.find((known) => known === type);
    return column && datatypes[column].includes(input.datatype) ? { ...input, column } : input;
  });
};

const datatypes: Record<ColumnType, string[]> = {
  number: ['FP32', 'FP64'],
  integer: ['FP32', 'FP64', 'INT64', 'INT32'],
  boolean: ['FP32', 'BOOL'],
  string: ['BYTES'],
  timestamp: ['INT64'],
};

const readColumns = (json: string | undefined): Record<string, unknown> => {
  if (json === undefined) return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    return refuse('its column metadata is not JSON', error);
  }
};
