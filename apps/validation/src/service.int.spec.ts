import { join } from 'node:path';
import { componentMetadataPrefix, healthGetOf, profileGet } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { startService } from '@millrace/service';
import { startNats, temporaryDirectory } from '@millrace/testing';
import { validationService } from './service.js';

describe('the service', () => {
  it('is ready, discoverable with its component, and answers', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    const service = await startService(validationService, {
      env: {
        NATS_URL: nats.url,
        DATA_DIR: directory.path,
        ARTIFACTS_URL: join(directory.path, 'artifacts'),
        LOG_LEVEL: 'silent',
      },
    });
    const nc = await connectNats({ url: nats.url, name: 'test' });
    const client = new MessagingClient(nc);
    try {
      expect(await client.request(healthGetOf('validation'), {})).toMatchObject({ status: 'ready' });
      const [info] = (await client.requestMany('$SRV.INFO.validation', {}, { maxWaitMs: 500 })) as [
        { metadata: Record<string, string> },
      ];
      expect(info.metadata).toHaveProperty([`${componentMetadataPrefix}validation.check`]);
      const unknown = { dataset: `sha256:${'0'.repeat(64)}` };
      await expect(client.request(profileGet, unknown)).rejects.toMatchObject({ code: 'not_found' });
      await expect(client.request(profileGet, { dataset: 'x' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    } finally {
      await nc.close();
      await service.stop();
    }
  });
});
