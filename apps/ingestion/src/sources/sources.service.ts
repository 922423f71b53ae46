import { DomainError } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { IngestionEnv } from '../config/ingestion.env.js';
import { resolveFile } from './file-source.js';
import { isPackageSource, resolvePackageFile } from './package-source.js';

const url = /^[a-z][a-z0-9+.-]+:/i;

const listed = (setting: string): string[] =>
  setting
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

@Injectable()
export class SourcesService {
  constructor(private readonly env: IngestionEnv) {}

  /** The local file that a source names. */
  resolve(source: string): Promise<string> {
    const { SOURCE_ROOTS, SOURCE_PACKAGES, PACKAGE_ROOT } = this.env;
    if (isPackageSource(source))
      return resolvePackageFile(source, { from: PACKAGE_ROOT, allowed: listed(SOURCE_PACKAGES) });
    if (url.test(source))
      throw new DomainError('unsupported', `source '${source}': sources are files and npm: packages so far`);
    return resolveFile(source, listed(SOURCE_ROOTS));
  }
}
