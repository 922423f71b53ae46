import type { RunLog, RunLogEntry } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LogLine } from './log-line.entity.js';

/** A reply has to fit into one message of NATS, by default 1 MiB. */
const maxLines = 5_000;
const maxBytes = 900_000;

const entryOf = ({ at, step, level, message }: LogLine): RunLogEntry => ({
  at: new Date(at).toISOString(),
  ...(step === null ? {} : { step }),
  level,
  message,
});

/** Reading a run's log. */
@Injectable()
export class RunLogReader {
  constructor(@InjectRepository(LogLine) private readonly lines: Repository<LogLine>) {}

  /** Oldest first; of a very long log its end. */
  async read(run: string): Promise<RunLog> {
    const newest = await this.lines.find({ where: { run }, order: { id: 'DESC' }, take: maxLines });
    const items: RunLogEntry[] = [];
    let bytes = 0;
    for (const line of newest) {
      const entry = entryOf(line);
      bytes += Buffer.byteLength(JSON.stringify(entry));
      if (bytes > maxBytes) break;
      items.push(entry);
    }
    return { items: items.reverse() };
  }
}
