import { DomainError } from '@millrace/contracts';

export class KeyUsed extends DomainError {
  constructor(key: string, name: string, version: number) {
    super('already_exists', `the key '${key}' registered another model: ${name} version ${version}`, {
      details: { name, version },
    });
  }
}
