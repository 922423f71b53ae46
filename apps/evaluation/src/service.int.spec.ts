import { join } from 'node:path';
import { healthGetOf, type Completion } from '@millrace/contracts';
import { CompletionQueue, connectNats, MessagingClient, WorkQueue } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';
import { evaluationService } from './service.js';
import { openBench, rowsOf } from './testing/bench.js';

describe('the service', () => {
  it('is ready, and judges models from the queue', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    await using bench = await openBench(join(directory.path, 'artifacts'));
    const data = await bench.dataset(rowsOf('late', 100));
    const inputs = { model: await bench.model(data, 'late'), test: data };
    const service = await startService(evaluationService, {
      env: {
        NATS_URL: nats.url,
        DATA_DIR: join(directory.path, 'data'),
        ARTIFACTS_URL: join(directory.path, 'artifacts'),
        LOG_LEVEL: 'silent',
      },
    });
    const nc = await connectNats({ url: nats.url, name: 'test' });
    const client = new MessagingClient(nc);
    const completions: Completion[] = [];
    const done = await new CompletionQueue(client).consume((completion) => {
      completions.push(completion);
      return Promise.resolve();
    });
    const publish = (step: string, gate: Record<string, Record<string, number>>) =>
      new WorkQueue(client).publish(
        {
          ...{
            run: 'r',
            step,
            component: 'evaluation.evaluate',
            attempt: 1,
            token: 1,
            idempotencyKey: `r/${step}`,
          },
          ...{ params: { gate }, inputs, deadline: Date.now() + 60_000 },
        },
        { messageId: `r/${step}/1` },
      );
    try {
      expect(await client.request(healthGetOf('evaluation'), {})).toMatchObject({ status: 'ready' });
      await publish('good', { auc: { min: 0.5 } });
      await publish('bad', { auc: { min: 1.1 } });
      await eventually(() => completions.length === 2, { timeoutMs: 50_000 });
      const resultOf = (wanted: string) => completions.find(({ step }) => step === wanted)!.result;
      expect(resultOf('good')).toMatchObject({
        status: 'succeeded',
        outputs: { model: inputs.model, report: { type: 'report' } },
        metrics: { auc: expect.any(Number) },
      });
      expect(resultOf('bad')).toMatchObject({
        status: 'failed',
        error: { code: 'gate_failed', retryable: false },
      });
    } finally {
      await done.stop();
      await nc.close();
      await service.stop();
    }
  }, 60_000);
});
