import { defaultPrefix } from '@millrace/contracts';

/** What the environment says; the only place that reads it. */
export interface CliEnv {
  /** Which NATS to speak to; without it, the one that `millrace up` or `npm start` started here. */
  natsUrl?: string;
  natsCredentialsFile?: string;
  prefix: string;
  /** https://no-color.org */
  noColor: boolean;
  /** Continuous integration: no bars, even where there seems to be a terminal. */
  ci: boolean;
}

const given = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

export const readCliEnv = (record: Record<string, string | undefined> = process.env): CliEnv => {
  const natsUrl = given(record.NATS_URL);
  const natsCredentialsFile = given(record.NATS_CREDENTIALS_FILE);
  return {
    ...(natsUrl ? { natsUrl } : {}),
    ...(natsCredentialsFile ? { natsCredentialsFile } : {}),
    prefix: given(record.SUBJECT_PREFIX) ?? defaultPrefix,
    noColor: given(record.NO_COLOR) !== undefined,
    ci: given(record.CI) !== undefined,
  };
};
