import { DomainError, InvalidRequest } from '@millrace/contracts';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Servable } from '../serving/servable.js';
import { explanationName, type Explanation } from './explanation.js';

/** Explanations take much longer than predictions. */
export const maxExplainedRows = 1_000;

/** @throws InvalidRequest over the limit of rows; DomainError `unsupported` where there is nothing that explains */
export const explain = async (model: Servable, run: QueuedRun): Promise<Explanation> => {
  if (!model.explain)
    throw new DomainError('unsupported', 'what answers here cannot be explained: it is not one model alone');
  if (run.rows > maxExplainedRows) {
    const message = `asks about ${run.rows} rows, more than the ${maxExplainedRows} that can be explained at a time`;
    throw new InvalidRequest([{ field: 'parameters.explain', message }]);
  }
  const taken = [...model.interface.outputs.keys()].find((name) => reserved.test(name));
  if (taken !== undefined)
    throw new DomainError(
      'unsupported',
      `the model has an output '${taken}': its explanation would have that name`,
    );
  return model.explain(run);
};

const reserved = new RegExp(`^${explanationName}(?:_\\d+)?$`);
