/** As it travels to the worker: `{"$secret": "warehouse"}`. */
export const secretKey = '$secret';

/**
 * Does a value hold what a worker would take for the name of a secret? Only `${{ secrets.<name> }}` may become that:
 * else whoever sends an event, starts a run or gives an output could have any secret handed to a component.
 */
export const namesSecret = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([key, item]) => key === secretKey || namesSecret(item));
