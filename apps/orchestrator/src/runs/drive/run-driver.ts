import { NotFound } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isFinished, type RunState } from '../decide/state.js';
import { RunReader } from '../store/run-reader.js';
import { claimRoom, claimsOf, NoRoom } from '../store/claim-room.js';
import { claimSlot } from '../store/claim-slot.js';
import { RunConflict, RunWriter, type RunChange } from '../store/run-writer.js';
import { Watch } from '../watch/watch.js';
import { advance, type Advance } from './advance.js';
import { DecisionAnswers } from './decision-answers.js';
import { GroupCommit, type Work } from './group-commit.js';
import type { HotRun } from './hot-run.js';
import { HotRuns } from './hot-runs.js';
import { Mailbox, type Letter } from './mailbox.js';
import { isBehind, seenIn, type Seen } from './is-behind.js';
import { toEvent, type Signal } from './signal.js';

/** Does a run begin whose pipeline allows only so many at once? */
const begins = (before: RunState, after: RunState): boolean =>
  after.plan.concurrency !== undefined && before.status === 'pending' && after.status === 'running';

const maxLettersPerTurn = 500;
const maxConflicts = 10;

/**
 * The shell around `decide`: per run one turn after the other, each of which takes all that was told meanwhile, decides in
 * memory and commits once, together with the turns of other runs. A run that another replica has changed is read again
 * and decided anew.
 */
@Injectable()
export class RunDriver {
  readonly #hot = new HotRuns();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #alongside = new Map<string, Work<EntityManager>>();
  /** Set by whoever lets runs begin that wait for the end of others, or are new. */
  roomFor: (pipeline: string) => void = () => undefined;
  isThere: (child: HotRun) => void = () => undefined;
  /** Set by whoever tells runs what others have to tell them. */
  hasNews: (run: string) => void = () => undefined;
  readonly #commits: GroupCommit<EntityManager>;

  constructor(
    private readonly reader: RunReader,
    private readonly writer: RunWriter,
    private readonly answers: DecisionAnswers,
    private readonly watch: Watch,
    transactions: Transactions,
  ) {
    this.#commits = new GroupCommit((work) => transactions.run(work));
    // Should it fail, the run is read again at the next round of adoption, and the alarm set again.
    watch.alarms.ring = ({ run, step, attempt }) =>
      void this.tell(run, { type: 'retry.due', step, attempt }).catch(() => undefined);
  }

  /**
   * Stores a new run and lets it begin, unless its pipeline allows only so many at once: then `Admission` does.
   * @param alongside what is written in the same transaction; when it throws, there is no run
   */
  begin(run: HotRun, alongside?: Work<EntityManager>): Promise<HotRun> {
    const { run: id } = run.state;
    this.#hot.set(run);
    if (alongside) this.#alongside.set(id, alongside);
    const { concurrency } = run.state.plan;
    const first: Signal = { type: concurrency === undefined ? 'run.started' : 'run.held' };
    return this.tell(id, first).finally(() => this.#alongside.delete(id));
  }

  /**
   * Resolves when what follows from the signal is committed.
   * @param o.patienceMs how long the signal may wait for company
   * @param o.message id of the message that it is, of another run
   * @throws NotFound when there is no such run; OutOfTurn when the message was told before
   */
  tell(run: string, signal: Signal, o: { patienceMs?: number; message?: number } = {}): Promise<HotRun> {
    const mailbox = this.#mailboxes.get(run) ?? new Mailbox();
    this.#mailboxes.set(run, mailbox);
    return new Promise((resolve, reject) => {
      const { message } = o;
      mailbox.letters.push({ signal, resolve, reject, ...(message === undefined ? {} : { message }) });
      if (mailbox.busy) return;
      const work = () => void this.#work(run, mailbox);
      if (o.patienceMs === undefined) work();
      else mailbox.after(o.patienceMs, work);
    });
  }

  /**
   * A run as it is known here, or else as the database has it.
   * @param o.seen what was heard of it: where that is newer than what is known here, another replica was at work
   */
  async look(run: string, o: { seen?: readonly Seen[] } = {}): Promise<HotRun | undefined> {
    const known = this.#hot.get(run);
    return known && !isBehind(known.state, o.seen ?? []) ? known : this.#load(run);
  }

  /** What is known here of a run may be old: it is read again when something happens to it. */
  forget(run: string): void {
    this.#hot.delete(run);
  }

  /** Watches over every run that is not at its end, whoever began it. */
  async adopt(): Promise<void> {
    for (const run of await this.reader.unsettled()) await this.look(run);
  }

  async #work(run: string, mailbox: Mailbox): Promise<void> {
    if (mailbox.busy) return;
    mailbox.busy = true;
    while (mailbox.letters.length > 0) await this.#turn(run, mailbox.take(maxLettersPerTurn));
    mailbox.busy = false;
    this.#mailboxes.delete(run);
  }

  async #turn(run: string, letters: Letter[]): Promise<void> {
    try {
      const after = await this.#advance(run, letters);
      for (const { resolve } of letters) resolve(after);
    } catch (error) {
      this.#hot.delete(run);
      const [first] = letters;
      if (letters.length === 1) first?.reject(error);
      // Perhaps only one of them is at fault.
      else for (const letter of letters) await this.#turn(run, [letter]);
    }
  }

  async #advance(run: string, letters: Letter[]): Promise<HotRun> {
    const full = new Set<string>();
    for (let conflicts = 0; ; conflicts++) {
      using booking = this.watch.room.book(full);
      const before = await this.look(run, {
        seen: letters.flatMap(({ signal }) => seenIn(signal)),
      });
      if (!before) throw new NotFound('run', run);
      const at = Date.now();
      const events = letters.flatMap(({ signal }) => toEvent(before.state, signal, at) ?? []);
      const made = await advance(before, events, this.answers, booking, at);
      const { state, commands, children } = made;
      const told = letters.flatMap(({ message }) => message ?? []);
      // A message that changes nothing is only known to do so if the run is as it was believed to be.
      if (state === before.state && commands.length + told.length === 0) return before;
      try {
        await this.#commit({ before, after: state, commands, at, children, told });
      } catch (error) {
        // What it is decided anew on is as it was; what found no room is held.
        if (error instanceof NoRoom && !full.has(error.component)) {
          full.add(error.component);
          continue;
        }
        this.#hot.delete(run);
        if (error instanceof RunConflict && conflicts < maxConflicts) continue;
        throw error;
      }
      const after = { ...before, state, revision: before.revision + 1 };
      this.#keep(after);
      booking.close();
      this.watch.follow(before.state, state);
      this.watch.obey(state, commands);
      if (state.plan.concurrency !== undefined && isFinished(state.status)) this.roomFor(state.plan.pipeline);
      this.#goOn(made);
      return after;
    }
  }

  #commit(change: RunChange): Promise<void> {
    const { before, after, commands } = change;
    const isBegun = begins(before.state, after);
    const claims = claimsOf(this.watch.room.limits, before.state, after, commands);
    const write = async (em: EntityManager): Promise<void> => {
      if (before.revision === 0) await this.#alongside.get(after.run)?.(em);
      if (isBegun) await claimSlot(em, after);
      await claimRoom(em, claims, () => this.writer.write(em, change));
    };
    return isBegun || claims.length > 0 ? this.#commits.commitAlone(write) : this.#commits.commit(write);
  }

  /** For speed alone: should nobody be there to do it, the next round of the reconciler does. */
  #goOn({ children, commands }: Advance): void {
    for (const child of children) {
      const stored = { ...child, revision: 1 };
      this.#keep(stored);
      this.isThere(stored);
    }
    for (const run of new Set(commands.flatMap((one) => (one.type === 'tell-run' ? [one.run] : []))))
      this.hasNews(run);
  }

  async #load(run: string): Promise<HotRun | undefined> {
    const loaded = await this.reader.load(run);
    if (!loaded) return undefined;
    this.#keep(loaded);
    this.watch.follow(undefined, loaded.state);
    return loaded;
  }

  #keep(run: HotRun): void {
    if (isFinished(run.state.status)) this.#hot.delete(run.state.run);
    else this.#hot.set(run);
  }
}
