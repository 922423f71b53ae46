import { Injectable } from '@nestjs/common';
import { toDomainError } from '@millrace/contracts';
import { ServedModels } from '../inference/served-models.js';
import { readRequest as read, writeResponse as write } from './messages/methods.js';

/** What the protocol calls a model, by name and version; an empty version is whichever is served. */
interface NamedModel {
  name: string;
  version: string;
}

/** Not there, or nobody there who could know: not ready. */
const unready = new Set(['not_found', 'unavailable', 'deadline_exceeded']);

const isReady = async (ask: () => Promise<{ ready: boolean }>): Promise<boolean> => {
  try {
    return (await ask()).ready;
  } catch (thrown) {
    if (unready.has(toDomainError(thrown).code)) return false;
    throw thrown;
  }
};

/** What the server says of itself and of its models. */
@Injectable()
export class ModelCalls {
  constructor(private readonly models: ServedModels) {}

  serverLive(message: Buffer): Buffer {
    read('ServerLive', message);
    return write('ServerLive', { live: true });
  }

  async serverReady(message: Buffer): Promise<Buffer> {
    read('ServerReady', message);
    return write('ServerReady', { ready: await this.serves() });
  }

  async modelReady(message: Buffer): Promise<Buffer> {
    const { name, version } = read<NamedModel>('ModelReady', message);
    return write('ModelReady', { ready: await isReady(() => this.models.ready(name, version || undefined)) });
  }

  async serverMetadata(message: Buffer): Promise<Buffer> {
    read('ServerMetadata', message);
    return write('ServerMetadata', await this.models.server());
  }

  async modelMetadata(message: Buffer): Promise<Buffer> {
    const { name, version } = read<NamedModel>('ModelMetadata', message);
    return write('ModelMetadata', await this.models.metadata(name, version || undefined));
  }

  async modelConfig(message: Buffer): Promise<Buffer> {
    const { name, version } = read<NamedModel>('ModelConfig', message);
    return write('ModelConfig', { config: await this.models.config(name, version || undefined) });
  }

  /** Of all models where none is named. */
  async modelStatistics(message: Buffer): Promise<Buffer> {
    const { name, version } = read<NamedModel>('ModelStatistics', message);
    return write('ModelStatistics', await this.models.statistics(name || undefined, version || undefined));
  }

  /** Can predictions be answered now. */
  serves(): Promise<boolean> {
    return isReady(() => this.models.serverReady());
  }
}
