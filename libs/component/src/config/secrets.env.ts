import { secretsFrom, type SecretSource } from '../secrets/secret-source.js';

/** The secrets of this process: `SECRETS_DIR` and `SECRET_<NAME>`. Their names are not known beforehand, so no EnvDto holds them. */
export const secretsOfProcess = (): SecretSource =>
  secretsFrom({
    ...(process.env['SECRETS_DIR'] ? { directory: process.env['SECRETS_DIR'] } : {}),
    variables: process.env,
  });
