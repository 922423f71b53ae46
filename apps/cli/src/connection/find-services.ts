import { healthGetOf } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';

export interface FoundService {
  name: string;
  version: string;
  replicas: number;
  status: 'ready' | 'unready' | 'silent';
  /** Check → what is wrong. */
  problems: Record<string, string>;
}

interface Info {
  name: string;
  version: string;
  endpoints: { subject: string }[];
}

const isInfo = (reply: unknown): reply is Info => {
  const { name, version, endpoints } = (reply ?? {}) as Partial<Info>;
  return typeof name === 'string' && typeof version === 'string' && Array.isArray(endpoints);
};

/** Every service of this prefix that answers discovery (ADR-32), and whether it is ready. */
export const findServices = async (client: MessagingClient): Promise<FoundService[]> => {
  const replies = await client.requestMany('$SRV.INFO', {}, { maxWaitMs: 400 });
  const ours = replies
    .filter(isInfo)
    .filter(({ endpoints }) =>
      endpoints.some(({ subject }) => subject.startsWith(`${client.subjects.prefix}.`)),
    );
  const names = [...new Set(ours.map(({ name }) => name))];
  return Promise.all(
    names.map(async (name) => {
      const replicas = ours.filter((info) => info.name === name);
      const versions = [...new Set(replicas.map(({ version }) => version))].sort();
      return {
        name,
        version: versions.join(', '),
        replicas: replicas.length,
        ...(await healthOf(client, name)),
      };
    }),
  );
};

const healthOf = async (
  client: MessagingClient,
  name: string,
): Promise<Pick<FoundService, 'status' | 'problems'>> => {
  try {
    const { status, checks } = await client.request(healthGetOf(name), {}, { timeoutMs: 2_500 });
    const failed = Object.entries(checks).filter(([, { ok }]) => !ok);
    return {
      status,
      problems: Object.fromEntries(failed.map(([check, { error }]) => [check, error ?? 'failed'])),
    };
  } catch (thrown) {
    return { status: 'silent', problems: { health: (thrown as Error).message } };
  }
};
