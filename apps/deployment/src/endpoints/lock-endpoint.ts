import { forUpdate } from '@millrace/persistence';
import type { EntityManager } from 'typeorm';
import { Endpoint } from './endpoint.entity.js';

/** The endpoint, also a removed one, to itself until the transaction ends. */
export const lockEndpoint = (em: EntityManager, name: string): Promise<Endpoint | null> =>
  em.findOne(Endpoint, { where: { name }, ...forUpdate(em) });
