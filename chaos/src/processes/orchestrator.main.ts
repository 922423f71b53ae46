import { CompletionQueue, MessagingClient } from '@millrace/messaging';
import { orchestratorService } from '@millrace/orchestrator';
import { Transactions } from '@millrace/persistence';
import { runService } from '@millrace/service';
import { crasher } from '../faults/crash-points.js';
import { watchMigrations } from './migration-points.js';

const crash = crasher(process.env['CHAOS_CRASH']);

// The orchestrator as it is delivered, with a tripwire around what it calls: nothing in it knows of fault tests.
watchMigrations(crash);

const { run } = Transactions.prototype;
Transactions.prototype.run = async function <T>(this: Transactions, work: Parameters<typeof run>[0]) {
  const result = await run.call(this, async (em) => {
    const value = await work(em);
    crash('before commit');
    return value;
  });
  crash('after commit');
  return result as T;
};

const { requestRaw } = MessagingClient.prototype;
MessagingClient.prototype.requestRaw = async function (subject, ...rest) {
  const reply = await requestRaw.call(this, subject, ...rest);
  // JetStream has it, and the outbox does not know yet.
  if (subject.startsWith(this.subjects.work(''))) crash('task published');
  return reply;
};

const { consume } = CompletionQueue.prototype;
CompletionQueue.prototype.consume = function (handler) {
  return consume.call(this, async (completion) => {
    crash('completion heard');
    await handler(completion);
    crash('completion written');
  });
};

await runService(orchestratorService);
