import { Empty, ReplicaReport, replicaReport } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ReplicasService } from './replicas.service.js';

@Controller()
export class ReplicasController {
  constructor(private readonly replicas: ReplicasService) {}

  @Handle(replicaReport)
  report(report: ReplicaReport): Promise<Empty> {
    return this.replicas.report(report);
  }
}
