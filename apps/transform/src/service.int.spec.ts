import { join } from 'node:path';
import { componentMetadataPrefix, healthGetOf } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { startNats, temporaryDirectory } from '@millrace/testing';
import { transformService } from './service.js';

describe('the service', () => {
  it('is ready, and discoverable with its components', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    const service = await startService(transformService, {
      env: { NATS_URL: nats.url, ARTIFACTS_URL: join(directory.path, 'artifacts'), LOG_LEVEL: 'silent' },
    });
    const nc = await connectNats({ url: nats.url, name: 'test' });
    const client = new MessagingClient(nc);
    try {
      expect(await client.request(healthGetOf('transform'), {})).toMatchObject({ status: 'ready' });
      const [info] = (await client.requestMany('$SRV.INFO.transform', {}, { maxWaitMs: 500 })) as [
        { metadata: Record<string, string> },
      ];
      expect(Object.keys(info.metadata)).toEqual(
        expect.arrayContaining(
          ['query', 'split', 'fit'].map((verb) => `${componentMetadataPrefix}transform.${verb}`),
        ),
      );
    } finally {
      await nc.close();
      await service.stop();
    }
  });
});
