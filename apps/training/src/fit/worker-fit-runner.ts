import { Worker } from 'node:worker_threads';
import { DomainError } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import type { FitJob, FittedModel } from './fit-job.js';
import { FitRunner, type FitRunOptions } from './fit-runner.js';
import { cancelMessage, type WorkerMessage, type WorkerStart } from './worker-messages.js';

/** Run from sources, the worker needs what this process was given to read TypeScript. */
const fromSource = import.meta.url.endsWith('.ts');
const workerFile = new URL(`./fit.worker.${fromSource ? 'ts' : 'js'}`, import.meta.url);
const sourceOptions = {
  execArgv: ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register', '--no-warnings'],
};

/**
 * Each fit in a thread of its own: arithmetic of minutes must not keep this one from heartbeats and health checks, and its
 * memory goes back when it is done.
 */
@Injectable()
export class WorkerFitRunner extends FitRunner {
  fit(job: FitJob, { report, signal }: FitRunOptions): Promise<FittedModel> {
    const cancelled = new SharedArrayBuffer(4);
    const worker = new Worker(workerFile, {
      workerData: { job, cancelled } satisfies WorkerStart,
      ...(fromSource ? sourceOptions : {}),
    });
    const cancel = () => {
      Atomics.store(new Int32Array(cancelled), 0, 1);
      worker.postMessage(cancelMessage);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    return new Promise<FittedModel>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'report') report(message.report);
        else if (message.kind === 'done') resolve(message.model);
        else reject(DomainError.fromBody(message.error));
      });
      worker.on('error', (cause) =>
        reject(new DomainError('internal', `the fit crashed: ${messageOf(cause)}`, { cause })),
      );
      worker.on('exit', (code) =>
        reject(new DomainError('internal', `the fit ended with exit code ${code}`)),
      );
    }).finally(() => signal.removeEventListener('abort', cancel));
  }
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
