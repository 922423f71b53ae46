import { greetingOf } from './greeting.mjs';

/** A server that somebody else runs. */
export const fromUrl = async ({ env }) => {
  if (!env.NATS_URL) throw new Error('not set');
  const { version, jetstream } = await greetingOf(env.NATS_URL, 3_000);
  if (!jetstream) throw new Error(`${withoutSecrets(env.NATS_URL)} runs without JetStream`);
  return { url: env.NATS_URL, version };
};

const withoutSecrets = (url) => url.replace(/\/\/[^@/]*@/, '//');
