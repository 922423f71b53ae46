/** Injects the service's EnvDto; its class does so too. */
export const SERVICE_ENV = Symbol.for('millrace.service-env');
