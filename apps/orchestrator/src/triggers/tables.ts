import { Triggers1764100000200 } from '../migrations/triggers-1764100000200.js';
import { FiringRow } from './firing.entity.js';
import { TriggerRow } from './trigger.entity.js';

export const triggerEntities = [TriggerRow, FiringRow];
export const triggerMigrations = [Triggers1764100000200];
