// The load on HTTP servers: keep-alive connections, each of which sends the same bytes again as soon as it is answered.
// Told by messages {port, request, connections, ms}; answers {requests, ms} or {mistake}.
import { connect } from 'node:net';

/** Length of the first response in `bytes`, once it is all there. Only what the servers here send is understood. */
const responseLength = (bytes) => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.latin1Slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (!/^HTTP\/1\.1 200\b/.test(head) || length === undefined)
    throw new Error(`unexpected response: ${bytes.latin1Slice(0, 500)}`);
  const whole = end + 4 + Number(length);
  return bytes.length < whole ? undefined : whole;
};

const lane = (port, request, isOver, count) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let kept;
    socket.on('connect', () => socket.write(request));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      const bytes = kept ? Buffer.concat([kept, chunk]) : chunk;
      try {
        const length = responseLength(bytes);
        kept = length === undefined ? bytes : undefined;
        if (length === undefined) return;
        if (length !== bytes.length) throw new Error('more than one response to a request');
      } catch (error) {
        socket.destroy();
        return reject(error);
      }
      count();
      if (!isOver()) return socket.write(request);
      socket.destroy();
      resolve();
    });
  });

process.on('message', async ({ port, request, connections, ms }) => {
  const bytes = Buffer.from(request, 'base64');
  const began = performance.now();
  let requests = 0;
  const isOver = () => performance.now() > began + ms;
  const lanes = Array.from({ length: connections }, () => lane(port, bytes, isOver, () => requests++));
  try {
    await Promise.all(lanes);
    process.send({ requests, ms: performance.now() - began });
  } catch (error) {
    process.send({ mistake: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
