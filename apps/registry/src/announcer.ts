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

  versionCreated(em: EntityManager, version: EventMap['registry.version.created']): Promise<void> {
    return this.add(em, 'registry.version.created', version);
  }

  aliasChanged(em: EntityManager, change: EventMap['registry.alias.changed']): Promise<void> {
    return this.add(em, 'registry.alias.changed', change);
  }

  private async add<T extends EventType>(em: EntityManager, type: T, data: EventMap[T] & { name: string }) {
    const event = makeEvent(type, 'registry', data, { subject: data.name });
    const subject = this.client.subjects.event(type);
    await this.outbox.add(em, { subject, messageId: `${event.source}/${event.id}`, body: event });
  }
}
