import { connect } from '@nats-io/transport-node';

const [servers, subject, body] = process.argv.slice(2);
const nc = await connect({ servers });
console.log((await nc.request(subject, body)).string());
await nc.close();
