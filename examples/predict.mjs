import { readFileSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';

const [natsUrl, endpoint, file] = process.argv.slice(2);
const nc = await connect({ servers: natsUrl });
const answer = await nc.request(`millrace.v1.infer.${endpoint}.rows`, readFileSync(file), {
  timeout: 10_000,
});
console.log(answer.string());
await nc.close();
