import {
  DatasetName,
  datasetGet,
  datasetList,
  datasetPreview,
  PageRequest,
  PreviewRequest,
  type DatasetPreview,
  type DatasetVersions,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { DatasetsService } from './datasets.service.js';

@Controller()
export class DatasetsController {
  constructor(private readonly datasets: DatasetsService) {}

  @Handle(datasetList)
  list(page: PageRequest): Promise<DatasetVersions> {
    return this.datasets.list(page);
  }

  @Handle(datasetGet)
  get(dataset: DatasetName): Promise<DatasetVersions> {
    return this.datasets.get(dataset);
  }

  @Handle(datasetPreview)
  preview(request: PreviewRequest): Promise<DatasetPreview> {
    return this.datasets.preview(request);
  }
}
