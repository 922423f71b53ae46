import { streamName, streams, subjectsOf } from '@millrace/contracts';
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';

const seconds = (n: number): number => n * 1e9;
const days = (n: number): number => seconds(n * 86_400);

/** Settings that every server since 2.9 has: no metadata, no compression, no per-message limits of life. */
export type PlainStreamConfig = Pick<
  StreamConfig,
  'name' | 'subjects' | 'retention' | 'storage' | 'discard' | 'duplicate_window'
> &
  Partial<Pick<StreamConfig, 'max_age' | 'max_msgs' | 'max_msgs_per_subject' | 'discard_new_per_subject'>>;

/** A task waits until a worker takes it; a component's full queue refuses new tasks and holds back nobody else. */
const work = (prefix: string): PlainStreamConfig => ({
  name: streamName(prefix, streams.work),
  subjects: [subjectsOf(prefix).work('>')],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 10_000,
  discard_new_per_subject: true,
  duplicate_window: seconds(120),
});

/** A completion waits until the orchestrator takes it. */
const done = (prefix: string): PlainStreamConfig => ({
  name: streamName(prefix, streams.done),
  subjects: [subjectsOf(prefix).done()],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msgs: 1_000_000,
  duplicate_window: seconds(120),
});

/** Events are kept for a week for whoever wants them, the oldest going first. */
const events = (prefix: string): PlainStreamConfig => ({
  name: streamName(prefix, streams.events),
  subjects: [subjectsOf(prefix).event('>')],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_msgs: 1_000_000,
  max_age: days(7),
  duplicate_window: seconds(120),
});

/** The streams of one Millrace. */
export const streamConfigs = (prefix: string): PlainStreamConfig[] => [
  work(prefix),
  done(prefix),
  events(prefix),
];
