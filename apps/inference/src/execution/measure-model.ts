import type { ModelManifest } from '@millrace/contracts';
import { tableToFeeds, type HostedModel } from '@millrace/onnx';
import type { Measured } from './place-model.js';

const mostRows = 64;
const mostRuns = 9;
/** Of one measurement. */
const enoughMs = 40;
/** Of a run of many rows, which has two at least. */
const manyRowsMs = 100;

/**
 * What a model takes for one row of its golden sample, and for many. Undefined without a sample.
 * @param limitMs Nothing more is measured of a model that takes longer.
 * @throws DomainError when a run fails or ends the model's host
 */
export const measureModel = async (
  model: HostedModel,
  { golden, signature }: Pick<ModelManifest, 'golden' | 'signature'>,
  limitMs: number,
): Promise<Measured | undefined> => {
  const [row] = golden.rows;
  if (!row) return undefined;
  const one = tableToFeeds(signature, [row]);
  const oneRowMs = await quickest(model, one);
  if (oneRowMs > limitMs) return { oneRowMs };
  const apart = [...signature.inputs, ...signature.outputs].every(({ shape }) => shape[0] === -1);
  if (!apart) return { oneRowMs };
  const rows = Math.max(2, Math.min(mostRows, Math.floor(manyRowsMs / oneRowMs)));
  const many = tableToFeeds(signature, Array<typeof row>(rows).fill(row));
  const outputs = await model.run(many);
  if (Object.values(outputs).some(({ dims }) => dims[0] !== rows)) return { oneRowMs };
  return { oneRowMs, many: { rows, ms: await quickest(model, many) } };
};

/** The quickest of a few runs: what else the machine does only ever adds. */
const quickest = async (model: HostedModel, feeds: Parameters<HostedModel['run']>[0]): Promise<number> => {
  let least = Infinity;
  for (let run = 0, spent = 0; run < mostRuns && spent < enoughMs; run++) {
    await model.run(feeds);
    least = Math.min(least, model.lastRunMs);
    spent += model.lastRunMs;
  }
  return least;
};
