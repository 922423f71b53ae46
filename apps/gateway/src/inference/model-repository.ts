import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  DomainError,
  endpointGet,
  endpointLoad,
  endpointNamePattern,
  endpointUnload,
  isErrorCode,
  mergeIndexes,
  repositoryIndex,
  toDomainError,
  type EndpointView,
  type RepositoryQuery,
  type RepositoryModel,
} from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import type { Caller } from '../http/caller.js';
import { repliesOf } from './replies-of.js';
import { unknownModel } from './predictions.js';

const indexTimeoutMs = 2_000;
/** Loading means reading and checking a model, on every replica. */
const loadTimeoutMs = 30_000;
const lookAgainMs = 50;

/** The model repository extension: endpoints that deployment knows, in memory or not. */
@Injectable()
export class ModelRepository {
  constructor(private readonly client: MessagingClient) {}

  async index(query: RepositoryQuery): Promise<RepositoryModel[]> {
    const answers = await this.client.requestAll(repositoryIndex, query, { timeoutMs: indexTimeoutMs });
    return mergeIndexes(repliesOf(answers)).models;
  }

  /**
   * Answers when it is served, by every replica that is heard of.
   * @param parameters names of those that came with the request
   */
  async load(endpoint: string, parameters: readonly string[], caller: Caller): Promise<void> {
    refuseFiles(parameters);
    const view = await this.settled(await this.set(endpointLoad, endpoint, caller), caller);
    const failed = view.replicas.find(({ state }) => state === 'failed');
    if (failed)
      throw new DomainError(
        isErrorCode(failed.code) ? failed.code : 'internal',
        `failed to load '${endpoint}': ${failed.error ?? 'the logs say why'}`,
      );
  }

  /** Answers when it is out of memory everywhere. */
  async unload(endpoint: string, caller: Caller): Promise<void> {
    await this.settled(await this.set(endpointUnload, endpoint, caller), caller);
  }

  private async set(operation: typeof endpointLoad, endpoint: string, caller: Caller): Promise<EndpointView> {
    if (!endpointNamePattern.test(endpoint)) throw unknownModel(endpoint);
    try {
      return await this.client.request(operation, { endpoint }, caller);
    } catch (thrown) {
      throw toDomainError(thrown).code === 'not_found' ? unknownModel(endpoint) : thrown;
    }
  }

  private async settled(view: EndpointView, caller: Caller): Promise<EndpointView> {
    const { endpoint } = view;
    const until = Math.min(performance.now() + loadTimeoutMs, caller.expiresAt ?? Infinity);
    while (!isSettled(view)) {
      if (performance.now() >= until)
        throw new DomainError(
          'deadline_exceeded',
          `'${endpoint}' is changed, and not all replicas have said so in time`,
        );
      await delay(lookAgainMs, undefined, { signal: caller.signal }).catch((cause: unknown) => {
        throw new DomainError('cancelled', 'the caller gave up', { cause });
      });
      view = await this.client.request(endpointGet, { endpoint }, caller);
    }
    return view;
  }
}

const isSettled = ({ status, replicas, revision }: EndpointView): boolean =>
  status !== 'pending' && replicas.every((replica) => replica.revision >= revision);

/** Triton takes a model, or its configuration, with the request; here they come from the registry alone. */
const refuseFiles = (parameters: readonly string[]): void => {
  const sent = parameters.find((name) => name === 'config' || name.startsWith('file:'));
  if (sent !== undefined)
    throw new DomainError(
      'unsupported',
      `parameters.${sent.slice(0, 64)}: models come from the registry; deploy the version that is wanted`,
    );
};
