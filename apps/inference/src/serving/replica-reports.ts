import { replicaReport, type ReplicaReport } from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Attempt } from '../reconcile/plan.js';
import { ReplicaReporter } from '../reconcile/replica-reporter.js';
import { REPLICA_NAME } from '../replica.js';

const longestError = 2_000;

/** Tells deployment, for as long as it takes. */
@Injectable()
export class ReplicaReports implements OnApplicationShutdown {
  private readonly reporter: ReplicaReporter;

  constructor(
    client: MessagingClient,
    @Inject(REPLICA_NAME) private readonly replica: string,
    @Inject(LOGGER) logger: Logger,
  ) {
    // Pings tell that this replica lives, also while it has nothing to report.
    client.metadata.set('millrace.replica', replica);
    this.reporter = new ReplicaReporter(
      (report) => client.request(replicaReport, report),
      (err) => logger.debug({ err }, 'deployment did not take a report; will be tried again'),
    );
  }

  report(endpoint: string, attempt: Attempt | undefined): void {
    if (attempt) this.reporter.report(this.toReport(endpoint, attempt));
    else this.reporter.forget(endpoint);
  }

  repeat(): void {
    this.reporter.repeat();
  }

  onApplicationShutdown(): void {
    this.reporter.stop();
  }

  private toReport(endpoint: string, { revision, state, error }: Attempt): ReplicaReport {
    const reason = error && { code: error.code, error: error.message.slice(0, longestError) };
    return { endpoint, replica: this.replica, revision, state, ...reason };
  }
}
