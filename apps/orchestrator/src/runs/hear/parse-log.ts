import { logLevels, type LogReport, type ReportedLine } from '@millrace/contracts';
import { isName, isRecord, timeOf } from './shapes.js';

const maxLines = 10_000;
const maxText = 4_000;

const lineOf = (value: unknown): ReportedLine[] => {
  const { n, at, level, message } = isRecord(value) ? value : {};
  if (!Number.isSafeInteger(n) || Number(n) < 1 || typeof message !== 'string') return [];
  return [
    {
      n: Number(n),
      at: timeOf(at),
      level: logLevels.find((known) => known === level) ?? 'info',
      message: message.slice(0, maxText),
    },
  ];
};

/** The log lines that come along with a completion; what can't be understood of them is left out. */
export const parseLog = (value: unknown): LogReport | undefined => {
  if (!isRecord(value) || !isName(value['source']) || !Array.isArray(value['lines'])) return undefined;
  const lines = value['lines'].slice(0, maxLines).flatMap(lineOf);
  return lines.length === 0 ? undefined : { source: value['source'].slice(0, 64), lines };
};
