import { Module } from '@nestjs/common';
import { StepCache } from '../cache/step-cache.service.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { LogNews } from '../log/log-news.js';
import { LogReports } from '../log/log-reports.service.js';
import { LogWriter } from '../log/log-writer.js';
import { LogController } from '../log/log.controller.js';
import { RunLogReader } from '../log/run-log.service.js';
import { WorkerLog } from '../log/worker-log.service.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { ApprovalsService } from './approvals.service.js';
import { ChildStarter } from './children/child-starter.js';
import { ControlController } from './control.controller.js';
import { Admission } from './drive/admission.js';
import { DecisionAnswers } from './drive/decision-answers.js';
import { Dispatcher } from './drive/dispatcher.js';
import { MessageDelivery } from './drive/message-delivery.js';
import { RunDriver } from './drive/run-driver.js';
import { CompletionListener } from './hear/completion-listener.js';
import { ProgressListener } from './hear/progress-listener.js';
import { TaskBeginnings } from './hear/task-beginnings.service.js';
import { TaskController } from './hear/task.controller.js';
import { RunQueryService } from './run-query.service.js';
import { RunStarter } from './run-starter.js';
import { RunController } from './run.controller.js';
import { RunService } from './run.service.js';
import { HeldSteps } from './store/held-steps.js';
import { RunMessages } from './store/run-messages.js';
import { RunReader } from './store/run-reader.js';
import { RunWriter } from './store/run-writer.js';
import { Earshot } from './watch/earshot.js';
import { Hearing } from './watch/hearing.js';
import { QueueCheck } from './watch/queue-check.js';
import { TasksOnTheWay } from './watch/tasks-on-the-way.js';
import { Reconciler } from './watch/reconciler.js';
import { Rounds } from './watch/rounds.js';
import { Watch } from './watch/watch.js';

@Module({
  imports: [CatalogueModule, PipelinesModule],
  controllers: [RunController, ControlController, LogController, TaskController],
  providers: [
    RunStarter,
    RunService,
    ApprovalsService,
    RunQueryService,
    RunReader,
    RunWriter,
    RunMessages,
    RunLogReader,
    LogNews,
    LogWriter,
    LogReports,
    StepCache,
    ChildStarter,
    DecisionAnswers,
    RunDriver,
    Admission,
    MessageDelivery,
    HeldSteps,
    Dispatcher,
    Rounds,
    Watch,
    WorkerLog,
    Hearing,
    Earshot,
    QueueCheck,
    TasksOnTheWay,
    Reconciler,
    CompletionListener,
    ProgressListener,
    TaskBeginnings,
  ],
  exports: [RunDriver, RunReader, RunService, RunStarter],
})
export class RunsModule {}
