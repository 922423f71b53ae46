import type { ExperimentView } from '@millrace/contracts';
import type { Experiment } from './experiment.entity.js';

export const toView = ({ createdAt, params, ...experiment }: Experiment): ExperimentView => ({
  ...experiment,
  params: params as Record<string, unknown>,
  createdAt: new Date(createdAt).toISOString(),
});
