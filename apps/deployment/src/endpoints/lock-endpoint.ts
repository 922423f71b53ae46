import { NotFound } from '@millrace/contracts';
import { forUpdate } from '@millrace/persistence';
import type { EntityManager } from 'typeorm';
import { Endpoint } from './endpoint.entity.js';

/** The endpoint, also a removed one, to itself until the transaction ends. */
export const lockEndpoint = (em: EntityManager, name: string): Promise<Endpoint | null> =>
  em.findOne(Endpoint, { where: { name }, ...forUpdate(em) });

/** The same for one that must be there. @throws NotFound also for a removed one */
export const lockServed = async (em: EntityManager, name: string): Promise<Endpoint> => {
  const endpoint = await lockEndpoint(em, name);
  if (!endpoint || endpoint.removedAt !== null) throw new NotFound('endpoint', name);
  return endpoint;
};
