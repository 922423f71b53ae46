import { NotFound } from '@millrace/contracts';

export class NoSuchVersion extends NotFound {
  constructor(name: string, version: number) {
    super('model', name, `model '${name}' has no version ${version}`);
  }
}

export class NoSuchAlias extends NotFound {
  constructor(name: string, alias: string) {
    super('model', name, `model '${name}' has no alias '${alias}'`);
  }
}
