import { hostname } from 'node:os';
import type { ArtifactStore } from '@millrace/artifacts';
import { componentMetadataPrefix, type Announcement, type ComponentDescriptor } from '@millrace/contracts';
import type { CompletionQueue, MessagingClient, WorkQueue } from '@millrace/messaging';
import type { Logger } from '@millrace/observability';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { nuid } from '@nats-io/transport-node';
import type { PipelineComponent } from '../descriptor/component.js';
import type { SecretSource } from '../secrets/secret-source.js';
import { floorOfProcess } from './floor.js';
import type { TaskPoints } from './task-points.js';
import { Worker } from './worker.js';

export interface ComponentWorkersOptions {
  components: { descriptor: ComponentDescriptor; component: PipelineComponent<never> }[];
  client: MessagingClient;
  work: WorkQueue;
  done: CompletionQueue;
  artifacts: ArtifactStore;
  logger: Logger;
  points: TaskPoints;
  secrets: SecretSource;
  concurrency: number;
  stopGraceMs: number;
}

/** The workers of one service's components, from its start to its stop. */
export class ComponentWorkers implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly workers: Worker[];
  private readonly probe = nuid.next();
  private subscriptions: { unsubscribe(): void }[] = [];

  constructor(private readonly o: ComponentWorkersOptions) {
    const worker = `${hostname()}-${process.pid}-${nuid.next().slice(-6)}`;
    const { probe } = this;
    this.workers = o.components.map(
      (one) => new Worker({ ...o, ...one, worker, probe, floor: floorOfProcess }),
    );
  }

  /** Discovery knows the descriptors before the service listens. */
  onModuleInit(): void {
    for (const { descriptor } of this.o.components)
      this.o.client.metadata.set(`${componentMetadataPrefix}${descriptor.name}`, JSON.stringify(descriptor));
  }

  onApplicationBootstrap(): void {
    const { client, logger } = this.o;
    const cancellations = client.subscribe(
      client.subjects.cancel(),
      (message) => {
        for (const worker of this.workers) worker.cancel(message);
      },
      { onError: (err) => logger.warn({ err }, 'a message on the cancel subject could not be read') },
    );
    const probes = client.nc.subscribe(client.subjects.probe(this.probe), {
      callback: (error, message) => {
        if (!error) message.respond();
      },
    });
    this.subscriptions = [cancellations, probes];
    for (const worker of this.workers) worker.start();
    this.announce();
    void this.announceAgain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(this.o.stopGraceMs)));
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private announce(): void {
    const descriptors = this.o.components.map(({ descriptor }) => descriptor);
    const [first] = descriptors;
    if (!first) return;
    const announcement: Announcement = { service: first.name.split('.', 1)[0]!, descriptors };
    this.o.client.publish(this.o.client.subjects.announce(), announcement);
  }

  /** Whoever listens may have missed us while NATS was away. */
  private async announceAgain(): Promise<void> {
    for await (const status of this.o.client.nc.status()) if (status.type === 'reconnect') this.announce();
  }
}
