import { lineageGet, lineageOfRun, LineageQuery, RunLineageQuery, type Lineage } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { LineageService } from './lineage.service.js';

@Controller()
export class LineageController {
  constructor(private readonly lineage: LineageService) {}

  @Handle(lineageGet)
  get(query: LineageQuery): Promise<Lineage> {
    return this.lineage.of(query);
  }

  @Handle(lineageOfRun)
  ofRun(query: RunLineageQuery): Promise<Lineage> {
    return this.lineage.ofRun(query);
  }
}
