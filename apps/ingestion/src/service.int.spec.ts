import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { datasetGet, healthGetOf, type CloudEvent } from '@millrace/contracts';
import { connectNats, EventBus, MessagingClient, WorkQueue } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';
import { ingestionService } from './service.js';

describe('the service', () => {
  it('is ready, takes a task from the queue, answers, and announces', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'a.csv'), 'x\n1\n');
    const service = await startService(ingestionService, {
      env: {
        NATS_URL: nats.url,
        DATA_DIR: join(directory.path, 'data'),
        ARTIFACTS_URL: join(directory.path, 'artifacts'),
        SOURCE_ROOTS: directory.path,
        LOG_LEVEL: 'silent',
      },
    });
    const nc = await connectNats({ url: nats.url, name: 'test' });
    const client = new MessagingClient(nc);
    const events: CloudEvent[] = [];
    const announced = await new EventBus(client).subscribe('test', ['ingestion.dataset.created'], (event) => {
      events.push(event);
      return Promise.resolve();
    });
    try {
      expect(await client.request(healthGetOf('ingestion'), {})).toMatchObject({ status: 'ready' });
      await new WorkQueue(client).publish(
        {
          ...{
            run: 'r',
            step: 's',
            component: 'ingestion.import',
            attempt: 1,
            token: 1,
            idempotencyKey: 'r/s',
          },
          ...{ params: { name: 'a', source: 'a.csv' }, inputs: {}, deadline: Date.now() + 60_000 },
        },
        { messageId: 'r/s/1' },
      );
      await eventually(() => events.length > 0);
      expect(events).toMatchObject([{ data: { name: 'a', version: 1, rows: 1 } }]);
      expect(await client.request(datasetGet, { name: 'a' })).toMatchObject({ items: [{ version: 1 }] });
      await expect(client.request(datasetGet, { name: 'b' })).rejects.toMatchObject({ code: 'not_found' });
    } finally {
      await announced.stop();
      await nc.close();
      await service.stop();
    }
  });
});
