import { randomUUID } from 'node:crypto';
import {
  pipelineSubmit,
  runStart,
  toDomainError,
  type Operation,
  type PipelineView,
  type RunView,
} from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';
import { setTimeout as wait } from 'node:timers/promises';
import { exitCodes } from '../output/exit-code.js';
import { InFile } from '../output/failure.js';
import { watch } from '../watch/watch.js';
import type { Context } from './context.js';
import { parseParams } from './parse-params.js';
import { readText } from './read-input.js';

export interface RunOptions {
  param: string[];
  watch?: boolean;
  /** `--no-cache` makes it false. */
  cache: boolean;
  priority?: number;
}

/** What the orchestrator takes. */
const maxBytes = 524_288;
const attempts = 3;

export const run = async (context: Context, file: string, options: RunOptions): Promise<number> => {
  const yaml = await readText(file, maxBytes);
  await using session = await context.connect();
  const { client } = session;
  const { output } = context;
  const pipeline = await submit(client, file, yaml);
  const started = await again(client, runStart, {
    pipeline: pipeline.name,
    params: parseParams(options.param, pipeline.definition.params),
    idempotencyKey: randomUUID(),
    ...(options.cache ? {} : { cache: false }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  });
  // Awaited here: the session must not close before.
  if (options.watch) return await watch(client, output, started);
  output.result(started, () => describe(started));
  return exitCodes.done;
};

const submit = async (client: MessagingClient, file: string, yaml: string): Promise<PipelineView> => {
  try {
    return await again(client, pipelineSubmit, { yaml });
  } catch (thrown) {
    const error = toDomainError(thrown);
    throw error.code === 'invalid_request' ? new InFile(file, error) : error;
  }
};

/** Both may be asked twice: the same text makes no second version, the same key no second run. */
const again = async <Q extends object, R extends object>(
  client: MessagingClient,
  operation: Operation<Q, R>,
  request: Q,
): Promise<R> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.request(operation, request);
    } catch (thrown) {
      if (attempt === attempts || !toDomainError(thrown).retryable) throw thrown;
      await wait(500 * attempt);
    }
  }
};

const describe = ({ run, pipeline, pipelineVersion }: RunView): string =>
  [
    `run ${run} of ${pipeline} (version ${pipelineVersion}) has started`,
    `  millrace logs ${run} --follow`,
  ].join('\n');
