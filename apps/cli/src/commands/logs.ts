import { followLog } from '@millrace/client';
import { runLog, type RunLog, type RunLogEntry, type RunLogQuery, type RunStatus } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';
import { exitCodes } from '../output/exit-code.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';
import { untilInterrupted } from '../watch/interrupt.js';
import type { Context } from './context.js';

export interface LogsOptions {
  step?: string;
  level?: string;
  tail?: number;
  after?: string;
  follow?: boolean;
}

const colours: Record<string, 'red' | 'yellow'> = { error: 'red', warn: 'yellow' };
const maxStepWidth = 32;

/** Lines for people; the column of steps is as wide as the widest so far. */
class LogLines {
  #width = 12;

  constructor(private readonly output: Output) {}

  print({ at, step = '', level, message }: RunLogEntry): void {
    this.#width = Math.max(this.#width, Math.min(step.length, maxStepWidth));
    const text = `${at}  ${level.padEnd(5)}  ${printable(step).padEnd(this.#width)}  ${printable(message)}`;
    const colour = colours[level];
    this.output.line(colour ? this.output.paint(colour, text) : text);
  }
}

/** All that is there by now, page by page. */
async function* pagesOf(client: MessagingClient, query: RunLogQuery): AsyncGenerator<RunLog> {
  for (let next: string | undefined = query.after ?? '0'; next !== undefined;) {
    const page: RunLog = await client.request(runLog, { ...query, after: next });
    yield page;
    next = page.next;
  }
}

const show = async (
  client: MessagingClient,
  output: Output,
  query: RunLogQuery,
  tail: number | undefined,
): Promise<void> => {
  const pages =
    tail === undefined ? pagesOf(client, query) : [await client.request(runLog, { ...query, limit: tail })];
  const lines = new LogLines(output);
  let last: RunLog | undefined;
  const items: RunLog['items'] = [];
  let count = 0;
  for await (const page of pages) {
    count += page.items.length;
    if (output.json) last = page;
    for (const line of page.items)
      if (output.json) items.push(line);
      else lines.print(line);
    await output.written();
  }
  if (output.json) output.line(JSON.stringify({ ...last, items }));
  else if (count === 0) output.line(nothing(query));
};

const nothing = ({ step, level, after }: RunLogQuery): string =>
  step === undefined && level === undefined && after === undefined
    ? 'nothing logged yet'
    : 'no line that was asked for';

const follow = async (
  client: MessagingClient,
  output: Output,
  { run, ...query }: RunLogQuery,
  tail: number | undefined,
): Promise<number> => {
  const lines = new LogLines(output);
  const ended = await untilInterrupted(async (signal): Promise<RunStatus> => {
    const pages = followLog(client, run, { ...query, ...(tail === undefined ? {} : { tail }), signal });
    for (;;) {
      const { done, value } = await pages.next();
      if (done) return value;
      for (const line of value.items)
        if (output.json) output.line(JSON.stringify({ kind: 'line', line }));
        else lines.print(line);
      await output.written();
    }
  });
  if (ended === undefined) {
    if (!output.json) output.line(`run ${run} goes on: millrace logs ${run} --follow`);
    return exitCodes.interrupted;
  }
  if (output.json) output.line(JSON.stringify({ kind: 'end', run, status: ended }));
  return ended === 'succeeded' ? exitCodes.done : exitCodes.runFailed;
};

/** What happened in a run and what its steps said, so far or until it has ended. */
export const logs = async (context: Context, run: string, options: LogsOptions): Promise<number> => {
  await using session = await context.connect();
  const { tail, follow: wantsMore = false, ...filter } = options;
  const query: RunLogQuery = { run, ...filter };
  if (wantsMore) return await follow(session.client, context.output, query, tail);
  await show(session.client, context.output, query, tail);
  return exitCodes.done;
};
