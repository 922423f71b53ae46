import { toDomainError, type EndpointView } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { EndpointsService } from '../endpoints/endpoints.service.js';
import { ReplicaNews } from '../replicas/replica-news.js';
import { isSettled } from './is-settled.js';

/** News may be lost (they are no queue), so the database is asked again at times without. */
const lookAgainMs = 2_000;

/** Waits until a rollout has come as far as it does by itself. */
@Injectable()
export class RolloutEnd {
  constructor(
    private readonly endpoints: EndpointsService,
    private readonly news: ReplicaNews,
  ) {}

  /**
   * @returns the endpoint as it is then
   * @throws ReplicaFailed, RolloutFailed, RolledBack, Superseded, or the signal's reason
   */
  async reached(
    endpoint: string,
    rollout: number | undefined,
    signal: AbortSignal,
    onWait: (reason: string | undefined) => void = () => {},
  ): Promise<EndpointView> {
    for (;;) {
      signal.throwIfAborted();
      const wait = new AbortController();
      const news = this.news.next(endpoint, lookAgainMs, AbortSignal.any([signal, wait.signal]));
      try {
        const view = await this.find(endpoint);
        if (isSettled(endpoint, rollout, view)) return view!;
        onWait(view?.rollout?.reason);
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
