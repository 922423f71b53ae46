import { readDataset } from '@millrace/artifacts';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { DomainError, mediaTypes } from '@millrace/contracts';
import { DataEngine } from '@millrace/data';
import { buildTransform } from '@millrace/onnx';
import { chooseColumns } from './choose-columns.js';
import { emptyColumns, fitTransform, toManifest, without } from './fit-transform.js';
import { fitParams, type FitParams } from './fit.params.js';

@Component({
  name: 'transform.fit',
  version: '1.0.0',
  description: 'Learns label and preprocessing from the training data, and exports it as ONNX.',
  inputs: { train: { type: 'dataset' } },
  outputs: {
    transform: { type: 'transform' },
    onnx: { type: 'file', description: 'The same as an ONNX graph from raw columns to features.' },
  },
  params: fitParams,
  deterministic: true,
  timeoutMs: 600_000,
})
export class FitComponent implements PipelineComponent<FitParams> {
  constructor(private readonly data: DataEngine) {}

  async run(context: TaskContext<FitParams>): Promise<ComponentResult> {
    const { artifacts, params, signal } = context;
    const train = context.input('train');
    const { manifest, paths } = await readDataset(artifacts, train);
    if (manifest.rows === 0) throw new DomainError('data_invalid', 'the training data has no rows');
    const chosen = chooseColumns(manifest.columns, params);
    context.progress(0.1, { message: 'reading' });
    const table = await this.data.readTable(paths, [params.label, ...Object.keys(chosen.columns)], {
      signal,
    });
    // Steps that somebody declared are kept, and fail by name; of all columns, an empty one is only left out.
    const empty = params.columns ? [] : emptyColumns(chosen, table);
    if (empty.length > 0)
      context.log('warn', `left out, without any value: ${empty.slice(0, 20).join(', ')}`);
    context.progress(0.5, { message: 'fitting' });
    const transform = fitTransform(table, manifest.columns, without(chosen, empty), params);
    const graph = buildTransform(transform.fitted, transform.inputs);
    const onnx = await artifacts.put(graph, { type: 'file', mediaType: mediaTypes.onnx });
    const lineage = { component: 'transform.fit', train: train.digest, onnx: onnx.digest };
    const outputs = {
      transform: await artifacts.putJson(toManifest(transform, lineage), { type: 'transform' }),
      onnx,
    };
    const { features, inputs, label } = { ...transform, features: transform.fitted.features };
    context.log(
      'info',
      `${label.task} of '${label.name}': ${features.length} features of ${inputs.length} columns`,
    );
    return { outputs, metrics: { rows: table.rows, columns: inputs.length, features: features.length } };
  }
}
