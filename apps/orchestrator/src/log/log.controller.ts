import { AppendLog, logAppend, runLog, RunLogQuery, type Empty, type RunLog } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { LogReports } from './log-reports.service.js';
import { RunLogReader } from './run-log.service.js';

@Controller()
export class LogController {
  constructor(
    private readonly reader: RunLogReader,
    private readonly reports: LogReports,
  ) {}

  @Handle(runLog)
  read(query: RunLogQuery): Promise<RunLog> {
    return this.reader.read(query);
  }

  @Handle(logAppend)
  append(report: AppendLog): Promise<Empty> {
    return this.reports.append(report);
  }
}
