import { componentMetadataPrefix, type ComponentDescriptor } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Catalogue } from './catalogue.service.js';

const everyMs = 10_000;
const waitMs = 500;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The descriptors in what a service answers on `$SRV.INFO`. */
export const descriptorsInInfo = (info: unknown): unknown[] => {
  const metadata = isRecord(info) && isRecord(info['metadata']) ? info['metadata'] : {};
  return Object.entries(metadata)
    .filter(([key]) => key.startsWith(componentMetadataPrefix))
    .map(([, text]) => {
      try {
        return JSON.parse(String(text)) as unknown;
      } catch {
        return text;
      }
    });
};

/** Listens to components that announce themselves, and asks around, so that the catalogue says who is there. */
@Injectable()
export class Discovery implements OnApplicationBootstrap, OnModuleDestroy {
  #announcements: { unsubscribe(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(
    private readonly client: MessagingClient,
    private readonly catalogue: Catalogue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.catalogue.load();
    this.#announcements = this.client.subscribe(
      this.client.subjects.announce(),
      (body) => this.catalogue.see(this.#announced(body), 'announcement'),
      { onError: (err) => this.logger.warn({ err }, 'an announcement was not taken note of') },
    );
    this.#timer = setInterval(() => void this.#askQuietly(), everyMs).unref();
    void this.#askQuietly();
  }

  onModuleDestroy(): void {
    this.#announcements?.unsubscribe();
    clearInterval(this.#timer);
  }

  /** After it, every component of these that is alive is known. Asks around once where one is not known yet. */
  async meet(components: readonly string[]): Promise<void> {
    if (components.every((name) => this.catalogue.sightings.find(name))) return;
    await this.ask();
  }

  /** One round of asking; who asks during one waits for the next, for an answer may have been missed in this. */
  async ask(): Promise<void> {
    await this.#round?.catch(() => undefined);
    this.#round ??= this.#askAround().finally(() => (this.#round = undefined));
    await this.#round;
  }

  async #askAround(): Promise<void> {
    const infos = await this.client.requestMany('$SRV.INFO', {}, { maxWaitMs: waitMs });
    await this.catalogue.see(infos.flatMap(descriptorsInInfo), 'discovery');
  }

  async #askQuietly(): Promise<void> {
    if (!this.client.connected) return;
    await this.ask().catch((err: unknown) =>
      this.logger.warn({ err }, 'nobody could be asked for components'),
    );
  }

  #announced(body: unknown): unknown[] {
    const descriptors = isRecord(body) ? body['descriptors'] : undefined;
    return Array.isArray(descriptors) ? (descriptors as ComponentDescriptor[]) : [];
  }
}
