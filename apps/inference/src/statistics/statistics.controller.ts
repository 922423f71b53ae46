import { modelStatistics, StatisticsQuery, type ModelStatisticsList } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { StatisticsService } from './statistics.service.js';

@Controller()
export class StatisticsController {
  constructor(private readonly statistics: StatisticsService) {}

  @Handle(modelStatistics)
  list(query: StatisticsQuery): ModelStatisticsList {
    return this.statistics.list(query);
  }
}
