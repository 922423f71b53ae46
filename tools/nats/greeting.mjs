import { connect } from 'node:net';

/**
 * What a NATS server says of itself before anything else (its INFO line).
 * @param {string} url `nats://[user:password@]host[:port]`, or several, comma-separated: the first is asked
 * @returns {Promise<{ version: string, jetstream?: boolean, max_payload: number }>}
 */
export const greetingOf = (url, timeoutMs) =>
  new Promise((resolve, reject) => {
    const first = url.split(',')[0].trim();
    const { hostname, port } = new URL(/^[a-z]+:\/\//.test(first) ? first : `nats://${first}`);
    const where = `${hostname}:${port || 4222}`;
    const socket = connect(Number(port || 4222), hostname.replace(/^\[|\]$/g, ''));
    const fail = (reason) => {
      socket.destroy();
      reject(new Error(`${where} ${reason}`));
    };
    let text = '';
    socket.setTimeout(timeoutMs, () => fail('does not answer'));
    socket.once('error', (error) => fail(`does not answer (${error.code ?? error.message})`));
    socket.once('close', () => reject(new Error(`${where} closed the connection`)));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n');
      if (end < 0) return text.length > 65_536 ? fail('does not speak NATS') : undefined;
      if (!text.startsWith('INFO {')) return fail('does not speak NATS');
      socket.destroy();
      resolve(JSON.parse(text.slice(5, end)));
    });
  });
