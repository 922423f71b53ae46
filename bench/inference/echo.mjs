// A bare responder: gives back what it gets, with nothing around nats.js. node echo.mjs <url> <subject>
import { connectNats } from '@millrace/messaging';

const [, , url, subject] = process.argv;
const nc = await connectNats({ url, name: 'bench-echo' });
nc.subscribe(subject, { callback: (_, message) => void message.respond(message.data) });
await nc.flush();
process.send('ready');
process.on('disconnect', () => process.exit(0));
