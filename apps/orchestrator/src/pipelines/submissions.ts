import type { PipelineDefinition } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What follows from a new version of a pipeline, in the transaction that keeps it. When it throws, nothing is kept. */
export type OnSubmitted = (em: EntityManager, definition: PipelineDefinition) => Promise<void>;

/** Where others learn of new versions of pipelines. */
@Injectable()
export class Submissions {
  readonly #listeners: OnSubmitted[] = [];

  listen(listener: OnSubmitted): void {
    this.#listeners.push(listener);
  }

  async tell(em: EntityManager, definition: PipelineDefinition): Promise<void> {
    for (const listener of this.#listeners) await listener(em, definition);
  }
}
