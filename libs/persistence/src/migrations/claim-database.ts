import { DomainError } from '@millrace/contracts';
import type { DataSource } from 'typeorm';

/** One database per service: a second service on the same one is a mistake in the settings, told before it does harm. */
export const claimDatabase = async (dataSource: DataSource, service: string): Promise<void> => {
  await dataSource.manager.sql`
    INSERT INTO millrace_owner (service)
    SELECT ${service} WHERE NOT EXISTS (SELECT 1 FROM millrace_owner)`;
  const owners = (await dataSource.query('SELECT service FROM millrace_owner')) as { service: string }[];
  const other = owners.find((owner) => owner.service !== service);
  if (other) {
    throw new DomainError(
      'invalid_request',
      `this database belongs to the service '${other.service}': '${service}' needs one of its own`,
    );
  }
};
