import type { ComponentDescriptor } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Transactions } from '@millrace/persistence';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { ComponentRow } from './component.entity.js';
import { readDescriptor } from './descriptor.js';
import { Sightings } from './sightings.js';

/** How stale the kept time of a sighting may get: nobody needs it to the second, and every write is an fsync. */
const rememberEveryMs = 10 * 60_000;

/** Of one round; announcements come from outside. */
const maxAtOnce = 2_000;

const keyOf = ({ name, version }: ComponentDescriptor): string => `${name}@${version}`;

/** The components that runs can use: whatever is alive, plus what was ever seen. */
@Injectable()
export class Catalogue implements OnModuleDestroy {
  readonly sightings = new Sightings();
  readonly #remembered = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();

  constructor(
    @InjectRepository(ComponentRow) private readonly rows: Repository<ComponentRow>,
    private readonly transactions: Transactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async load(): Promise<void> {
    for (const { descriptor } of await this.rows.find()) this.sightings.add(descriptor, -Infinity);
  }

  /** Takes note of what somebody says of its components. What is no descriptor is left out, and said in the log. */
  async see(values: readonly unknown[], from: string): Promise<void> {
    const descriptors = values.slice(0, maxAtOnce).flatMap((value) => {
      const read = readDescriptor(value);
      if (typeof read !== 'string') return [read];
      this.logger.warn({ from, reason: read }, 'a component descriptor was refused');
      return [];
    });
    const news = descriptors.filter((descriptor) => this.#isNews(descriptor));
    const writing = this.#remember(news);
    this.#writing.add(writing);
    await writing.finally(() => this.#writing.delete(writing));
  }

  /** In a version that a run began with, which may be one that only another replica has seen. */
  async version(name: string, version: string): Promise<ComponentDescriptor | undefined> {
    const known = this.sightings.version(name, version);
    if (known) return known;
    const row = await this.rows.findOneBy({ name, version });
    if (row) this.sightings.add(row.descriptor, -Infinity);
    return this.sightings.version(name, version);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  #isNews(descriptor: ComponentDescriptor): boolean {
    const rememberedAt = this.#remembered.get(keyOf(descriptor)) ?? -Infinity;
    return this.sightings.add(descriptor) || performance.now() - rememberedAt >= rememberEveryMs;
  }

  async #remember(descriptors: ComponentDescriptor[]): Promise<void> {
    if (descriptors.length === 0) return;
    const seenAt = Date.now();
    // Of several workers: PostgreSQL refuses to write a row twice at once.
    const distinct = new Map(descriptors.map((descriptor) => [keyOf(descriptor), descriptor]));
    const rows = [...distinct.values()].map((descriptor) => {
      const { name, version } = descriptor;
      return { name, version, descriptor, seenAt };
    });
    await this.transactions.run((em) => writeRows(em, ComponentRow, rows, { replace: true }));
    for (const descriptor of descriptors) this.#remembered.set(keyOf(descriptor), performance.now());
  }
}
