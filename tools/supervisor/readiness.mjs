import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks services over NATS whether they are ready (`health.get`).
 * @param {string} natsUrl
 * @param {string} prefix subject prefix
 */
export const openReadiness = async (natsUrl, prefix = process.env.SUBJECT_PREFIX || 'millrace.v1') => {
  // Imported late: this module is loaded before packages are installed.
  const { connect } = await import('@nats-io/transport-node');
  const nc = await connect({
    servers: natsUrl,
    name: 'millrace-supervisor',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
  });
  /** @returns {Promise<string | undefined>} why it is not ready, or `undefined` when it is */
  const whyNot = async (service) => {
    try {
      const answer = (await nc.request(`${prefix}.${service}.health.get`, '{}', { timeout: 2_000 })).json();
      if (answer.status === 'ready') return undefined;
      const failing = Object.entries(answer.checks ?? {}).filter(([, { ok }]) => !ok);
      return (
        failing.map(([check, { error }]) => `${check}: ${error ?? 'not ok'}`).join('; ') || 'says unready'
      );
    } catch (error) {
      return error.name === 'NoRespondersError' || /no responders/i.test(error.message)
        ? 'does not answer'
        : error.message;
    }
  };
  return {
    /** Resolves once the service is ready. */
    async until(service, endsAt, stillWorthIt = () => true) {
      for (;;) {
        const reason = await whyNot(service);
        if (reason === undefined) return;
        if (Date.now() > endsAt || !stillWorthIt()) throw new Error(`${service} is not ready: ${reason}`);
        await wait(50);
      }
    },
    close: () => nc.close(),
  };
};
