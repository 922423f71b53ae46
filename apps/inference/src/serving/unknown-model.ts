import { DomainError } from '@millrace/contracts';

/** The text that Open Inference Protocol clients look for. */
export class UnknownModel extends DomainError {
  constructor(endpoint: string, version?: number | string) {
    const which = version === undefined ? '' : ` version ${String(version).slice(0, 20)}`;
    super('not_found', `Request for unknown model: '${endpoint}'${which} is not found`, {
      details: { endpoint },
    });
  }
}

/** Deployed, and taken out of memory until it is loaded again. */
export class UnloadedModel extends DomainError {
  constructor(endpoint: string) {
    super('not_found', `Request for unknown model: '${endpoint}' is unloaded`, { details: { endpoint } });
  }
}
