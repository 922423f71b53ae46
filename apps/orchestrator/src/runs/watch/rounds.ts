import { Injectable } from '@nestjs/common';
import { Admission } from '../drive/admission.js';
import { Dispatcher } from '../drive/dispatcher.js';
import { MessageDelivery } from '../drive/message-delivery.js';
import { RunDriver } from '../drive/run-driver.js';

/** How often runs are looked for that this process doesn't watch: those of a replica that is gone. */
const adoptEveryMs = 30_000;

/** What is looked for in the database again and again, as a replica may be gone that would have gone on with it. */
@Injectable()
export class Rounds {
  #adoptedAt = -Infinity;

  constructor(
    private readonly driver: RunDriver,
    private readonly admission: Admission,
    private readonly dispatcher: Dispatcher,
    private readonly messages: MessageDelivery,
  ) {}

  async round(): Promise<void> {
    const now = performance.now();
    if (now - this.#adoptedAt >= adoptEveryMs) {
      await this.driver.adopt();
      this.#adoptedAt = now;
    }
    await this.admission.round();
    await this.messages.round();
    await this.dispatcher.round();
  }
}
