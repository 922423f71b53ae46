import { DomainError } from '@millrace/contracts';

const field = (message: string) => ({ fields: [{ field: 'params.source', message }] });

export class SourceNotFound extends DomainError {
  constructor(source: string, cause?: unknown) {
    super('not_found', `source '${source}' does not exist`, { details: field('does not exist'), cause });
  }
}

/** Says the same whether there is such a file or not. */
export class SourceForbidden extends DomainError {
  constructor(source: string, why: string) {
    super('forbidden', `source '${source}' ${why}`, { details: field(why) });
  }
}
