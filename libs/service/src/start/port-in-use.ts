import { StartError } from '../env/env-error.js';

const reasons: Record<string, string> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used without privileges',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no known host',
};

/** Turns a refused `listen` into an error that names the setting; to be used in `catch`. */
export const orPortInUse =
  (setting: string, { host, port }: { host: string; port: number }) =>
  (error: unknown): never => {
    const reason = reasons[String((error as NodeJS.ErrnoException).code)];
    if (reason === undefined) throw error;
    throw new StartError(`${setting}: ${host}:${port} ${reason}`, { cause: error });
  };
