import type { LogReport, ReportedLine } from '@millrace/contracts';
import type { LogLine } from './log-line.entity.js';

/** Of one attempt; a component that never stops talking shall not fill the disk. */
export const maxLinesPerAttempt = 5_000;

const shortened = (line: ReportedLine): Pick<ReportedLine, 'level' | 'message'> =>
  line.n <= maxLinesPerAttempt
    ? line
    : {
        level: 'warn',
        message: `further lines of this attempt are left out (limit ${maxLinesPerAttempt})`,
      };

/** A worker's report as lines of the log, up to the limit. */
export const linesOf = (run: string, step: string, { source, lines }: LogReport): LogLine[] =>
  lines
    .filter(({ n }) => n <= maxLinesPerAttempt + 1)
    .map((line) => {
      const { level, message } = shortened(line);
      return { run, step, at: Math.trunc(line.at), level, message, source, n: line.n };
    });
