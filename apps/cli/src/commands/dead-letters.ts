import {
  deadLetterGet,
  deadLetterList,
  deadLetterRequeue,
  type DeadLetter,
  type DeadLetterQuery,
  type DeadLetterView,
} from '@millrace/contracts';
import { moment, shortened } from '../output/format.js';
import { printable } from '../output/printable.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed } from './paging.js';

const row = ({ run, step, pipeline, component, attempts, error, failedAt }: DeadLetter): Cell[] => [
  run,
  step,
  pipeline,
  component,
  attempts,
  moment(failedAt),
  `${error.code}: ${shortened(error.message)}`,
];

const textOf = (letter: DeadLetterView): string =>
  printable(
    [
      `${letter.component} ${letter.componentVersion}, ${letter.attempts} ${letter.attempts === 1 ? 'attempt' : 'attempts'}, last on ${letter.worker ?? 'no worker'}`,
      `${letter.error.code}: ${letter.error.message}`,
      `params: ${JSON.stringify(letter.params)}`,
      `inputs: ${JSON.stringify(letter.inputs)}`,
      '',
      ...letter.log.map(({ at, level, message }) => `${at}  ${level.padEnd(5)}  ${message}`),
    ].join('\n'),
  );

export const deadLetters = async (context: Context, query: DeadLetterQuery): Promise<void> =>
  void (await ask(context, deadLetterList, given(query), (page) =>
    listed(page, 'no step has failed for good', () =>
      table(
        ['run', 'step', 'pipeline', 'component', 'attempts', 'failed (UTC)', 'error'],
        page.items.map(row),
      ),
    ),
  ));

export const deadLetter = async (
  context: Context,
  run: string,
  step: string,
  { requeue }: { requeue?: boolean },
): Promise<void> =>
  void (requeue
    ? await ask(context, deadLetterRequeue, { run, step }, ({ status }) => `run ${run} is ${status} again`)
    : await ask(context, deadLetterGet, { run, step }, textOf));
