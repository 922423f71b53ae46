import { DomainError, type PredictionWindow } from '@millrace/contracts';
import { EventBus, type Consumption } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { readWindow } from './read-window.js';
import { WindowStore } from './window-store.js';

/** Takes in the windows that inference replicas close. */
@Injectable()
export class WindowCollector implements OnApplicationBootstrap, OnApplicationShutdown {
  private consumption: Consumption | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly store: WindowStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumption = await this.events.subscribe(
      'monitoring',
      ['inference.window.closed'],
      async (event) => {
        try {
          await this.store.add(`${event.source}/${event.id}`, readWindow(event.data as PredictionWindow));
        } catch (error) {
          // It would be as malformed the next time.
          if (!(error instanceof DomainError && error.code === 'data_invalid')) throw error;
          this.logger.error({ err: error, event: event.id }, 'a window was dropped');
        }
      },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumption?.stop();
  }
}
