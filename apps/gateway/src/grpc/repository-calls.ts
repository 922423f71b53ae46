import { Injectable } from '@nestjs/common';
import { DomainError } from '@millrace/contracts';
import type { Caller } from '../http/caller.js';
import { ModelRepository } from '../inference/model-repository.js';
import { readRequest, writeResponse } from './messages/methods.js';

interface Repository {
  repository_name: string;
}

interface NamedModel extends Repository {
  model_name: string;
  parameters: Record<string, unknown>;
}

/** The model repository extension. */
@Injectable()
export class RepositoryCalls {
  constructor(private readonly repository: ModelRepository) {}

  async index(message: Buffer): Promise<Buffer> {
    const request = readRequest<Repository & { ready: boolean }>('RepositoryIndex', message);
    requireTheOne(request);
    return writeResponse('RepositoryIndex', {
      models: await this.repository.index({ ready: request.ready }),
    });
  }

  async load(message: Buffer, caller: Caller): Promise<Buffer> {
    const request = readRequest<NamedModel>('RepositoryModelLoad', message);
    requireTheOne(request);
    await this.repository.load(request.model_name, Object.keys(request.parameters), caller);
    return writeResponse('RepositoryModelLoad', {});
  }

  async unload(message: Buffer, caller: Caller): Promise<Buffer> {
    const request = readRequest<NamedModel>('RepositoryModelUnload', message);
    requireTheOne(request);
    await this.repository.unload(request.model_name, caller);
    return writeResponse('RepositoryModelUnload', {});
  }
}

/** There is one repository here, and it has no name. */
const requireTheOne = ({ repository_name: name }: Repository): void => {
  if (name !== '')
    throw new DomainError('unsupported', `repository_name: there is no repository '${name.slice(0, 100)}'`);
};
