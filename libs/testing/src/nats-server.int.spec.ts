import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats } from './nats-server.js';

describe('startNats', () => {
  it('keeps streams over a restart and loses them with its directory', async () => {
    const nats = await startNats();
    const streams = async () => {
      const nc = await connect({ servers: nats.url });
      const names = await (await jetstreamManager(nc)).streams.names().next();
      await nc.close();
      return names;
    };
    const nc = await connect({ servers: nats.url });
    await (await jetstreamManager(nc)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await nc.close();

    await nats.restart();
    expect(await streams()).toEqual(['KEPT']);
    await nats.wipeJetStream();
    expect(await streams()).toEqual([]);

    const { pid } = nats;
    await nats.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
