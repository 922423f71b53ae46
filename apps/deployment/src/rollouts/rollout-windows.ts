import type { PredictionWindow } from '@millrace/contracts';
import { EventBus, type Consumption } from '@millrace/messaging';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RolloutMeasurements } from './rollout-measurements.js';

/** Hears the windows that inference replicas close. */
@Injectable()
export class RolloutWindows implements OnApplicationBootstrap, OnApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly measurements: RolloutMeasurements,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.events.subscribe('deployment', ['inference.window.closed'], (event) =>
      this.measurements.take(`${event.source}/${event.id}`, event.data as PredictionWindow),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumption?.stop();
  }
}
