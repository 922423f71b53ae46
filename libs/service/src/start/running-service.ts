import type { INestApplicationContext } from '@nestjs/common';

export interface RunningService {
  name: string;
  /** Where it speaks HTTP, if it does. */
  url?: string;
  /** Of /health/live, /health/ready, /metrics; absent where HEALTH_PORT is -1. */
  healthPort?: number;
  app: INestApplicationContext;
  /** Not ready from now on; answers what it accepted, then closes everything. Calling it again waits for the first. */
  stop(): Promise<void>;
  /** What `stop()` is at, for whoever loses patience with it. */
  stopping(): string | undefined;
}
