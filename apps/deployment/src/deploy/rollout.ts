import { toDomainError, type EndpointView } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { ReplicaNews } from '../replicas/replica-news.js';
import { isSettled } from './is-settled.js';

/** News may be lost (they are no queue), so the database is asked again at times without. */
const lookAgainMs = 2_000;

/** Waits until a revision is served. */
@Injectable()
export class Rollout {
  constructor(
    private readonly endpoints: EndpointsService,
    private readonly news: ReplicaNews,
  ) {}

  /** @throws ReplicaFailed, Superseded, or the signal's reason */
  async served(endpoint: string, revision: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const wait = new AbortController();
      const news = this.news.next(endpoint, lookAgainMs, AbortSignal.any([signal, wait.signal]));
      try {
        if (isSettled(endpoint, revision, await this.find(endpoint))) return;
        await news;
      } finally {
        wait.abort();
      }
    }
  }

  private async find(endpoint: string): Promise<EndpointView | undefined> {
    try {
      return await this.endpoints.get({ endpoint });
    } catch (error) {
      if (toDomainError(error).code === 'not_found') return undefined;
      throw error;
    }
  }
}
