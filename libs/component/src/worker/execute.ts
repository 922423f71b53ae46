import type { ArtifactStore } from '@millrace/artifacts';
import {
  DomainError,
  InvalidRequest,
  isArtifactRef,
  toDomainError,
  type ComponentDescriptor,
  type Task,
} from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import { checkParams } from '../checks/check-params.js';
import { portErrors } from '../checks/check-ports.js';
import type { ComponentResult, PipelineComponent, TaskContext } from '../descriptor/component.js';
import { finite, type ProgressReporter } from '../progress/progress-reporter.js';
import { redactingLogger } from '../secrets/redacting-logger.js';
import { Redaction } from '../secrets/redaction.js';
import { resolveSecrets } from '../secrets/resolve-secrets.js';
import type { SecretSource } from '../secrets/secret-source.js';

export interface ExecuteOptions {
  component: PipelineComponent<never>;
  descriptor: ComponentDescriptor;
  task: Task;
  artifacts: ArtifactStore;
  logger: Logger;
  reporter: ProgressReporter;
  /** Its reason is the error that the task ends with. */
  signal: AbortSignal;
  /** How long an aborted component may take to notice, in milliseconds. */
  graceMs: number;
  secrets: SecretSource;
}

/**
 * One attempt: checks what goes in, runs the component, checks what comes out.
 * @throws DomainError, or the signal's reason once that is aborted
 */
export const execute = async (o: ExecuteOptions): Promise<ComponentResult> => {
  const { params, secrets } = await resolveSecrets(o.task.params, o.secrets);
  const redaction = new Redaction(secrets);
  try {
    return await work({ ...o, logger: redactingLogger(o.logger, redaction) }, params, redaction);
  } catch (error) {
    // What the task was ended with is nobody's text but ours.
    throw o.signal.aborted ? error : redaction.thrown(error);
  }
};

const work = async (
  o: ExecuteOptions,
  params: Task['params'],
  redaction: Redaction,
): Promise<ComponentResult> => {
  const context = contextOf(o, params, redaction);
  o.signal.throwIfAborted();
  const result = await unlessAborted(o, o.component.run(context as TaskContext<never>));
  const errors = portErrors('outputs', o.descriptor.outputs, result.outputs ?? {});
  if (errors.length > 0)
    throw new DomainError(
      'internal',
      `the component broke its own contract: ${new InvalidRequest(errors).message}`,
      {
        retryable: false,
        details: { fields: errors },
      },
    );
  const told = Object.keys(result.outputs).find((port) => redaction.isIn(result.outputs[port]));
  if (told !== undefined)
    throw new DomainError('internal', `output '${told}' holds a secret, which would be kept and cached`, {
      retryable: false,
    });
  return { outputs: result.outputs, ...(result.metrics ? { metrics: finite(result.metrics) } : {}) };
};

const contextOf = (
  { task, descriptor, artifacts, signal, reporter, logger }: ExecuteOptions,
  params: Task['params'],
  redaction: Redaction,
): TaskContext<unknown> => {
  const wrong = portErrors('inputs', descriptor.inputs, task.inputs);
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  return {
    task,
    params: checkParams(descriptor.params, params),
    inputs: task.inputs,
    input: (port) => {
      const value = task.inputs[port];
      if (!isArtifactRef(value))
        throw new InvalidRequest([
          {
            field: `inputs.${port}`,
            message: Array.isArray(value) ? 'is a list: inputList gives it' : 'is not given',
          },
        ]);
      return value;
    },
    inputList: (port) => {
      const value = task.inputs[port] ?? [];
      if (!Array.isArray(value) || !value.every(isArtifactRef))
        throw new InvalidRequest([{ field: `inputs.${port}`, message: 'is no list of artifacts' }]);
      return value;
    },
    artifacts,
    signal,
    progress: (fraction, more) =>
      reporter.progress(
        fraction,
        more?.message === undefined ? more : { ...more, message: redaction.text(more.message) },
      ),
    log: (level, message) => {
      logger[level](message);
      reporter.log(level, redaction.text(message));
    },
    logger,
  };
};

/** The work's outcome, unless the signal is aborted first; then its reason, at the latest after the time of grace. */
const unlessAborted = async <T>(
  { signal, graceMs, logger }: ExecuteOptions,
  work: Promise<T>,
): Promise<T> => {
  let onAbort = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => {
        logger.warn({ graceMs }, 'the component does not heed its signal; it is left behind');
        reject(signal.reason as Error);
      }, graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const result = await Promise.race([work, gone]);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? signal.reason : toDomainError(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
};
