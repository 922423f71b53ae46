import { DomainError } from '@millrace/contracts';

const field = (message: string) => ({ fields: [{ field: 'params.source', message }] });

export class SourceNotFound extends DomainError {
  /** @param below where it was looked for, as the settings have it: a path that begins with a root itself is a common mistake */
  constructor(source: string, { below, cause }: { below?: string; cause?: unknown } = {}) {
    const why = `does not exist${below === undefined ? '' : ` below ${below}`}`;
    super('not_found', `source '${source}' ${why}`, { details: field(why), cause });
  }
}

/** Says the same whether there is such a file or not. */
export class SourceForbidden extends DomainError {
  constructor(source: string, why: string) {
    super('forbidden', `source '${source}' ${why}`, { details: field(why) });
  }
}
