import { toDomainError } from '@millrace/contracts';
import { serversOf } from '@millrace/messaging';
import { ValidateBy } from 'class-validator';

const problemOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'must be text';
  try {
    serversOf(value);
    return undefined;
  } catch (error) {
    return toDomainError(error).details?.fields?.[0]?.message;
  }
};

/** One or more URLs of nats-servers. What is wrong is said without the URL, which may hold a password. */
export const IsNatsUrl = (): PropertyDecorator =>
  ValidateBy({
    name: 'isNatsUrl',
    validator: {
      validate: (value) => problemOf(value) === undefined,
      defaultMessage: (args) => `${args?.property} ${problemOf(args?.value)}`,
    },
  });
