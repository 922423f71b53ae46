import { join } from 'node:path';
import { openArtifactStore } from '@millrace/artifacts';
import { experimentGet, healthGetOf, type Completion, type Progress } from '@millrace/contracts';
import { openData } from '@millrace/data';
import { CompletionQueue, connectNats, MessagingClient, WorkQueue } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';
import { trainingService } from './service.js';
import { flights, testData } from './testing/test-data.js';

describe('the service', () => {
  it('is ready, fits from the queue with progress, and answers with the record', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    await using data = await openData();
    const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
    const make = testData(artifacts, data, directory.path);
    const train = await make.dataset(flights(300));
    const transform = await make.transform(train, 'late');
    const service = await startService(trainingService, {
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
    const progress: Progress[] = [];
    const done = await new CompletionQueue(client).consume((completion) => {
      completions.push(completion);
      return Promise.resolve();
    });
    client.subscribe(
      client.subjects.progressOfRun('r'),
      (message) => void progress.push(message as Progress),
    );
    const publish = (step: string, params: Record<string, string | number>) =>
      new WorkQueue(client).publish(
        {
          ...{ run: 'r', step, component: 'training.fit', attempt: 1, token: 1, idempotencyKey: `r/${step}` },
          ...{ params, inputs: { train, transform }, deadline: Date.now() + 60_000 },
        },
        { messageId: `r/${step}/1` },
      );
    try {
      expect(await client.request(healthGetOf('training'), {})).toMatchObject({ status: 'ready' });
      await publish('good', { estimator: 'logistic' });
      await publish('bad', { estimator: 'linear' });
      await eventually(() => completions.length === 2, { timeoutMs: 50_000 });
      const resultOf = (wanted: string) => completions.find(({ step }) => step === wanted)!.result;
      expect(resultOf('good')).toMatchObject({
        status: 'succeeded',
        outputs: { model: { type: 'model' } },
        metrics: { 'train.auc': expect.any(Number) },
      });
      expect(resultOf('bad')).toMatchObject({
        status: 'failed',
        error: { code: 'invalid_request', retryable: false },
      });
      expect(progress.some(({ metrics }) => metrics && 'loss' in metrics)).toBe(true);
      expect(await client.request(experimentGet, { id: 'r.good' })).toMatchObject({
        estimator: 'logistic',
        inputs: { train: train.digest, transform: transform.digest },
      });
      await expect(client.request(experimentGet, { id: 'r.bad' })).rejects.toMatchObject({
        code: 'not_found',
      });
    } finally {
      await done.stop();
      await nc.close();
      await service.stop();
    }
  }, 60_000);
});
