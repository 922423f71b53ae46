import { followRun, type RunChange } from '@millrace/client';
import type { RunView } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging/caller';
import { exitCodes } from '../output/exit-code.js';
import type { Output } from '../output/output.js';
import { Bars } from './bars.js';
import { untilInterrupted } from './interrupt.js';
import { Lines } from './lines.js';
import { summary } from './summary.js';

/** Something that shows a run while it goes on. */
export interface Display {
  show(change: RunChange): void;
  close(): void;
}

class JsonLines implements Display {
  constructor(private readonly output: Output) {}
  show(change: RunChange): void {
    this.output.line(JSON.stringify(change));
  }
  close(): void {}
}

const displayOf = (output: Output, steps: number): Display => {
  if (output.json) return new JsonLines(output);
  // More bars than the terminal has rows cannot be redrawn.
  return output.live && steps < (output.stream.rows ?? 24) - 2 ? new Bars(output) : new Lines(output);
};

/** Shows a run until it has ended, or the user has seen enough: the run itself goes on then. */
export const watch = async (
  client: MessagingClient,
  output: Output,
  { run, steps, next }: RunView,
): Promise<number> => {
  const display = displayOf(output, next === undefined ? steps.length : Infinity);
  try {
    const ended = await untilInterrupted((signal) =>
      followRun(client, run, { onChange: (change) => display.show(change), signal }),
    );
    display.close();
    if (ended === undefined) {
      if (!output.json) output.line(`run ${run} goes on: millrace logs ${run} --follow`);
      return exitCodes.interrupted;
    }
    if (output.json) output.line(JSON.stringify({ kind: 'end', run: ended }));
    else output.line(summary(output, ended));
    return ended.status === 'succeeded' ? exitCodes.done : exitCodes.runFailed;
  } catch (thrown) {
    display.close();
    throw thrown;
  }
};
