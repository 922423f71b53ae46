import type { EventMap, EventType } from '@millrace/contracts';
import { makeEvent, MessagingClient } from '@millrace/messaging';
import { Outbox } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Events, committed together with what they tell. */
@Injectable()
export class Announcer {
  constructor(
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
  ) {}

  changed(em: EntityManager, endpoint: EventMap['deployment.endpoint.changed']): Promise<void> {
    return this.add(em, 'deployment.endpoint.changed', endpoint);
  }

  removed(em: EntityManager, endpoint: EventMap['deployment.endpoint.removed']): Promise<void> {
    return this.add(em, 'deployment.endpoint.removed', endpoint);
  }

  private async add<T extends EventType>(
    em: EntityManager,
    type: T,
    data: EventMap[T] & { endpoint: string },
  ) {
    const event = makeEvent(type, 'deployment', data, { subject: data.endpoint });
    const subject = this.client.subjects.event(type);
    await this.outbox.add(em, { subject, messageId: `${event.source}/${event.id}`, body: event });
  }
}
