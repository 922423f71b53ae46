import { ValidateBy } from 'class-validator';
import { parseLimits } from '../runs/watch/room-limits.js';

/** Limits by component; the message names each that is wrong. */
export const IsComponentLimits = (): PropertyDecorator =>
  ValidateBy({
    name: 'isComponentLimits',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseLimits(value).mistakes.length === 0,
      defaultMessage: (o) =>
        `${o?.property ?? ''}: ${parseLimits(String(o?.value)).mistakes.slice(0, 5).join(', ')}`,
    },
  });
