import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PipelineView, RunView } from '@millrace/contracts';
import { eventually, temporaryDirectory } from '@millrace/testing';
import { startAll, type StartOptions, type Supervisor } from '@millrace/tools/supervisor';
import { restClient, type RestClient } from './rest.js';

export const repository = resolve(import.meta.dirname, '../../..');

/** All of Millrace, as processes of the test's own, with a REST caller. */
export interface TestMillrace extends AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly rest: RestClient;
  /** Submits pipeline YAML and starts it. */
  start(yaml: string, params?: Record<string, unknown>): Promise<RunView>;
  view(run: string): Promise<RunView>;
  /** Waits until the run has ended, however. */
  ended(run: string, timeoutMs?: number): Promise<RunView>;
}

const endings = new Set(['succeeded', 'failed', 'cancelled']);

export const startMillrace = async (options: StartOptions = {}): Promise<TestMillrace> => {
  const state = await temporaryDirectory('millrace-e2e-');
  const supervisor = await startAll({ stateDir: state.path, gatewayPort: 0, ...options });
  const rest = restClient(String(supervisor.gatewayUrl));

  const view = async (run: string): Promise<RunView> => {
    const { status, body } = await rest.get<RunView>(`/v1/runs/${run}`);
    if (status !== 200) throw new Error(`GET run: ${status} ${JSON.stringify(body)}`);
    return body;
  };

  return {
    supervisor,
    rest,
    view,
    start: async (yaml, params = {}) => {
      const submitted = await rest.post<PipelineView>('/v1/pipelines', { yaml });
      if (submitted.status !== 201)
        throw new Error(`submit: ${submitted.status} ${JSON.stringify(submitted.body)}`);
      const started = await rest.post<RunView>('/v1/runs', {
        pipeline: submitted.body.name,
        params,
        cache: false,
      });
      if (started.status !== 201) throw new Error(`start: ${started.status} ${JSON.stringify(started.body)}`);
      return started.body;
    },
    ended: (run, timeoutMs = 90_000) =>
      eventually(
        async () => {
          const current = await view(run);
          return endings.has(current.status) ? current : undefined;
        },
        { timeoutMs, everyMs: 50, what: `the end of run ${run}` },
      ),
    [Symbol.asyncDispose]: async () => {
      await supervisor.stop();
      await state[Symbol.asyncDispose]();
    },
  };
};

export const examplePipeline = (name: string): Promise<string> =>
  readFile(join(repository, 'examples', name, 'pipeline.yaml'), 'utf8');
