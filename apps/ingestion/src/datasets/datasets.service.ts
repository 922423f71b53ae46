import { ARTIFACT_STORE, readDataset, type ArtifactStore } from '@millrace/artifacts';
import {
  NotFound,
  type DatasetName,
  type DatasetPreview,
  type DatasetVersions,
  type PageRequest,
  type PreviewRequest,
} from '@millrace/contracts';
import { DataEngine } from '@millrace/data';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import { DatasetVersion } from './dataset-version.entity.js';
import { Dataset } from './dataset.entity.js';
import { shortened } from './shortened.js';
import { toView } from './to-view.js';

const defaultPage = 100;
const defaultPreview = 20;

/** Reads the catalogue. */
@Injectable()
export class DatasetsService {
  constructor(
    @InjectRepository(Dataset) private readonly datasets: Repository<Dataset>,
    @InjectRepository(DatasetVersion) private readonly versions: Repository<DatasetVersion>,
    @Inject(ARTIFACT_STORE) private readonly artifacts: ArtifactStore,
    private readonly data: DataEngine,
  ) {}

  async list({ limit = defaultPage, after = '' }: PageRequest): Promise<DatasetVersions> {
    const page = await this.datasets.find({
      where: { name: MoreThan(after), latest: MoreThan(0) },
      order: { name: 'ASC' },
      take: limit + 1,
    });
    const shown = page.slice(0, limit);
    const keys = shown.map(({ name, latest }) => ({ name, version: latest }));
    const items = keys.length === 0 ? [] : await this.versions.find({ where: keys, order: { name: 'ASC' } });
    return { items: items.map(toView), ...(page.length > limit ? { next: shown.at(-1)!.name } : {}) };
  }

  async get({ name }: DatasetName): Promise<DatasetVersions> {
    const items = await this.versions.find({ where: { name }, order: { version: 'DESC' }, take: 1000 });
    if (items.length === 0) throw new NotFound('dataset', name);
    return { items: items.map(toView) };
  }

  async preview({ name, version, limit = defaultPreview }: PreviewRequest): Promise<DatasetPreview> {
    const found = await this.versions.findOne({
      where: { name, ...(version === undefined ? {} : { version }) },
      order: { version: 'DESC' },
    });
    if (!found) throw new NotFound('dataset', version === undefined ? name : `${name} version ${version}`);
    const { manifest, paths } = await readDataset(this.artifacts, found.artifact);
    return { columns: manifest.columns, rows: shortened(await this.data.preview(paths, limit)) };
  }
}
