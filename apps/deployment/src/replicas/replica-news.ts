import type { EndpointName } from '@millrace/contracts';
import { EventBus } from '@millrace/messaging';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

/**
 * Wakes whoever waits for an endpoint: told by this process after it has committed a report, and by events when another
 * replica of this service has. Says only that something may have changed; the database says what.
 */
@Injectable()
export class ReplicaNews implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly waiting = new Set<{ endpoint: string; wake(): void }>();
  private subscription: { unsubscribe(): void } | undefined;

  constructor(private readonly events: EventBus) {}

  onApplicationBootstrap(): void {
    this.subscription = this.events.onEvent('deployment.endpoint.*', ({ data }) =>
      this.tell((data as EndpointName).endpoint),
    );
  }

  onApplicationShutdown(): void {
    this.subscription?.unsubscribe();
  }

  tell(endpoint: string): void {
    for (const waiter of this.waiting) if (waiter.endpoint === endpoint) waiter.wake();
  }

  /**
   * Begins to listen at once, so that nothing is missed between looking at the database and waiting.
   * @returns resolves with news of the endpoint, after `ms`, or when the signal aborts
   */
  next(endpoint: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiter = {
        endpoint,
        wake: () => {
          clearTimeout(timer);
          this.waiting.delete(waiter);
          signal.removeEventListener('abort', waiter.wake);
          resolve();
        },
      };
      const timer = setTimeout(waiter.wake, ms);
      this.waiting.add(waiter);
      signal.addEventListener('abort', waiter.wake);
      if (signal.aborted) waiter.wake();
    });
  }
}
