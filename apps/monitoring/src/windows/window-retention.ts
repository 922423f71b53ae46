import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { MonitoringEnv } from '../config/monitoring.env.js';
import { WindowStore } from './window-store.js';

const hourMs = 3_600_000;

/** Forgets old windows, hourly. */
@Injectable()
export class WindowRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: WindowStore,
    private readonly env: MonitoringEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), hourMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async prune(now = Date.now()): Promise<void> {
    try {
      await this.store.removeBefore(now - this.env.WINDOW_RETENTION_DAYS * 24 * hourMs);
    } catch (err) {
      this.logger.warn({ err }, 'old windows were not removed; will be tried again');
    }
  }
}
