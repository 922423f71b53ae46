import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { healthGetOf } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { freePort, startNats, temporaryDirectory } from '@millrace/testing';
import { services } from './services.js';
import { startStandalone } from './start-standalone.js';

describe('many services in one process', () => {
  it('each has its own database, and the process is ready when all are', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    const port = await freePort();
    const env = {
      NATS_URL: nats.url,
      DATA_DIR: join(directory.path, 'data'),
      ARTIFACTS_URL: join(directory.path, 'artifacts'),
      HEALTH_PORT: String(port),
      LOG_LEVEL: 'silent',
      STANDALONE_SERVICES: 'registry,monitoring',
    };
    const standalone = await startStandalone(services, { env });
    const nc = await connectNats({ url: nats.url, name: 'test' });
    const client = new MessagingClient(nc);
    try {
      for (const name of ['registry', 'monitoring']) {
        expect(await client.request(healthGetOf(name), {})).toMatchObject({ status: 'ready' });
        expect(existsSync(join(directory.path, 'data', name, `${name}.sqlite`))).toBe(true);
      }
      const health = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect([health.status, await health.json()]).toMatchObject([
        200,
        { checks: { registry: { ok: true }, monitoring: { ok: true } } },
      ]);
      await standalone.services.find(({ name }) => name === 'registry')!.stop();
      expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(503);
    } finally {
      client.close();
      await nc.close();
      await standalone.stop();
    }
  });

  it('refuses a name that no service has', async () => {
    const start = startStandalone(services, { env: { STANDALONE_SERVICES: 'registry,rgistry' } });
    await expect(start).rejects.toThrow('there is no rgistry');
  });

  it('names the wrong setting of one service, and leaves none behind', async () => {
    await using nats = await startNats();
    await using directory = await temporaryDirectory();
    const start = startStandalone(services, {
      env: {
        NATS_URL: nats.url,
        DATA_DIR: directory.path,
        HEALTH_PORT: '-1',
        LOG_LEVEL: 'silent',
        STANDALONE_SERVICES: 'registry,monitoring',
        REGISTRY__DATABASE_URL: 'mysql://no',
      },
    });
    await expect(start).rejects.toThrow('registry: DATABASE_URL must begin with postgres://');
  });
});
