import type { MessagingClient } from '@millrace/messaging';
import type { Health } from '@millrace/observability';

const nothing = new Uint8Array();

export const checkNats = (health: Health, client: MessagingClient): void =>
  health.add('nats', () => {
    if (!client.connected) throw new Error('not connected');
  });

export const checkJetStream = (health: Health, client: MessagingClient): void =>
  health.add('jetstream', async () => {
    const reply = await client.requestRaw('$JS.API.INFO', nothing, { timeoutMs: 1_500 });
    const { error } = JSON.parse(Buffer.from(reply.data).toString()) as { error?: { description?: string } };
    if (error) throw new Error(error.description ?? 'refused');
  });
