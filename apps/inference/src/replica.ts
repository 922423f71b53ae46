import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { InferenceEnv } from './config/inference.env.js';

/** What this replica is called, in reports and windows: another one after every start, unless it was given a name. */
export const replicaId = ({ REPLICA_ID }: Pick<InferenceEnv, 'REPLICA_ID'>): string =>
  REPLICA_ID ?? `${hostname().slice(0, 64)}-${process.pid}-${randomUUID().slice(0, 8)}`;

/** Injects the replica's name. */
export const REPLICA_NAME = Symbol('replica name');
