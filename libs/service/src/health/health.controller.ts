import { Controller, type Type } from '@nestjs/common';
import { Empty, healthGetOf, type HealthView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Health } from '@millrace/observability';

/** `<service>.health.get`, on every service. */
export const healthControllerOf = (service: string, version: string): Type => {
  @Controller()
  class HealthController {
    constructor(private readonly health: Health) {}

    @Handle(healthGetOf(service))
    async get(_: Empty): Promise<HealthView> {
      return { service, version, ...(await this.health.status()) };
    }
  }
  return HealthController;
};
