import type { Move } from './move.js';
import type { RunModel } from './run-model.js';

type MoveOf<T extends Move['type']> = Extract<Move, { type: T }>;
type Moves = { [T in Move['type']]: (model: RunModel, move: MoveOf<T>) => void };

const from = <T>(list: readonly T[], pick: number): T | undefined => list[pick % list.length];

/** A task that was ever out, and what is said of it. */
const about = (model: RunModel, pick: number) => {
  const out = from(model.issued, pick);
  return out && { out, said: { step: out.step, token: out.task.token } };
};

const moves: Moves = {
  start: (model) => model.tell({ type: 'run.started' }),
  cancel: (model, { rarely }) => {
    if (rarely === 0) model.tell({ type: 'cancel.asked' });
  },
  answer: (model, { pick, hit }) => {
    const step = from(model.consults, pick);
    if (step !== undefined) model.answer(step, hit);
  },
  begin: (model, { pick }) => {
    const task = about(model, pick);
    if (task) model.tell({ type: 'task.started', ...task.said, worker: 'w' });
  },
  succeed: (model, { pick }) => {
    const task = about(model, pick);
    if (task) model.complete(task.out);
  },
  fail: (model, { pick, error }) => {
    const task = about(model, pick);
    if (task) model.complete(task.out, error);
  },
  lapse: (model, { pick }) => {
    const task = about(model, pick);
    const crash = pick % 2 === 0 ? {} : { crash: { limit: 3 } };
    if (task) model.tell({ type: 'lease.lapsed', ...task.said, ...crash });
  },
  'wear-out': (model, { pick, crash }) => {
    const task = about(model, pick);
    if (task) model.wearOut(task.out.step, crash);
  },
  'time-out': (model, { pick }) => {
    const task = about(model, pick);
    if (task) model.tell({ type: 'attempt.timed-out', ...task.said });
  },
  retry: (model, { pick }) => {
    const held = model.state.steps.flatMap(({ heldAt, dueAt, attempt }, step) =>
      heldAt === undefined && dueAt === undefined ? [] : [{ step, attempt }],
    );
    const due = from([...model.retries, ...model.children.asked, ...held], pick);
    if (due) model.tell({ type: 'retry.due', step: due.step, attempt: due.attempt });
  },
  grant: (model, { component }) => void model.room.grant(component),
  prepare: (model, { pick, refused }) => {
    const asked = from(model.children.asked, pick);
    if (asked) model.tell(model.children.prepared(asked, refused));
  },
  'child-ends': (model, { pick, how }) => {
    const known = from(model.children.known, pick);
    if (known) model.tell(model.children.finished(known, how));
  },
  'pause.asked': (model, move) => model.tell(move),
  'unpause.asked': (model, move) => model.tell(move),
  'resume.asked': (model, move) => model.tell(move),
  decide: (model, { pick, approved }) => model.decide(pick % model.state.steps.length, approved),
  'retry-step': (model, { pick }) =>
    model.tell({ type: 'step.retry-asked', step: pick % model.state.steps.length }),
};

/** Where there is nothing that it could happen to, nothing happens. */
export const makeMove = (model: RunModel, move: Move): void =>
  (moves[move.type] as (model: RunModel, move: Move) => void)(model, move);
