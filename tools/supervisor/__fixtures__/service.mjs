// A service as small as can be: answers health.get, remembers how it ended.
import { appendFileSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';

const name = process.argv[1].split('/').at(-3);
const nc = await connect({
  servers: process.env.NATS_URL,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 50,
  waitOnFirstConnect: true,
});
nc.subscribe(`millrace.v1.${name}.health.get`, {
  callback: (_error, message) =>
    message.respond(
      JSON.stringify({
        service: name,
        status: process.env.STATUS ?? 'ready',
        checks: { sea: { ok: false, error: 'rough' } },
      }),
    ),
});
process.once('SIGTERM', async () => {
  await nc.drain();
  appendFileSync(`${process.env.DATA_DIR}.ended`, `${process.pid}\n`);
  process.exit(0);
});
