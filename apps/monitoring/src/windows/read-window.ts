import { DomainError, type PredictionWindow } from '@millrace/contracts';
import { ColumnSketch, QuantileSketch, type ColumnSketchJson, type QuantileSketchJson } from '@millrace/ml';

/** A replica's window, its sketches alive. */
export interface ReadWindow {
  endpoint: string;
  model: string;
  version: number;
  /** Epoch milliseconds. */
  from: number;
  requests: number;
  rows: number;
  errors: number;
  latency: QuantileSketch;
  sketches: Map<string, ColumnSketch>;
}

const mostSketches = 1_000;

/** Events come from outside of this service: what can't be read is refused as a whole. @throws `data_invalid` */
export const readWindow = (window: PredictionWindow): ReadWindow => {
  const { endpoint, model, version, requests, rows, errors, sketches } = window;
  const from = Date.parse(window.from);
  const entries = Object.entries(sketches ?? {});
  const texts = [endpoint, model].every(
    (text) => typeof text === 'string' && text !== '' && text.length <= 200,
  );
  const counts = [version, requests, rows, errors].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!texts || !counts || Number.isNaN(from) || entries.length > mostSketches)
    throw new DomainError('data_invalid', 'a prediction window is malformed');
  try {
    return {
      ...{ endpoint, model, version, from, requests, rows, errors },
      latency: QuantileSketch.fromJSON(window.latency as QuantileSketchJson),
      sketches: new Map(
        entries.map(([name, sketch]) => [name, ColumnSketch.fromJSON(sketch as ColumnSketchJson)]),
      ),
    };
  } catch (cause) {
    throw new DomainError('data_invalid', 'a prediction window has sketches that cannot be read', { cause });
  }
};
