import {
  ExperimentId,
  experimentGet,
  experimentList,
  PageRequest,
  type Experiments,
  type ExperimentView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ExperimentsService } from './experiments.service.js';

@Controller()
export class ExperimentsController {
  constructor(private readonly experiments: ExperimentsService) {}

  @Handle(experimentList)
  list(page: PageRequest): Promise<Experiments> {
    return this.experiments.list(page);
  }

  @Handle(experimentGet)
  get(experiment: ExperimentId): Promise<ExperimentView> {
    return this.experiments.get(experiment);
  }
}
