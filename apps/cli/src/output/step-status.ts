import { stepStatuses, type StepView } from '@millrace/contracts';

/** `running (1 queued, 8 succeeded)`: with what a step is done as, where it is done as several. */
export const stepStatus = ({ status, instances }: Pick<StepView, 'status' | 'instances'>): string => {
  const counts = stepStatuses.flatMap((one) => (instances?.[one] ? [`${instances[one]} ${one}`] : []));
  return counts.length === 0 ? status : `${status} (${counts.join(', ')})`;
};
