import { toDomainError, type DomainError, type ErrorBody, type ParamValues } from '@millrace/contracts';
import { currentTraceparent, parseTraceparent, withTrace } from '@millrace/observability';
import { isUniqueViolation } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Between, Repository, type EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { OrchestratorEnv } from '../config/orchestrator.env.js';
import { CelError } from '@millrace/pipeline/cel';
import { RunService } from '../runs/run.service.js';
import { matches, paramsFor } from './evaluate.js';
import { FiringRow } from './firing.entity.js';
import { Refusals } from './refusals.js';
import type { TriggerMessage } from './trigger-message.js';
import { TriggerRow } from './trigger.entity.js';

const minuteMs = 60_000;
/** After a refused burst, what comes is refused without asking the database for so long. */
const restMs = 1_000;
const maxWaiting = 1_000;

/** The trigger is no more, or the message has started its run already. */
class Superseded extends Error {}

const isFinal = ({ code }: DomainError): boolean => code === 'invalid_request' || code === 'not_found';

const refusal = (code: ErrorBody['code'], message: string): ErrorBody => ({
  code,
  message,
  retryable: false,
});

/** Starts the run that a message asks for: once per message and trigger, and within bounds. */
@Injectable()
export class TriggerFiring {
  /** Per trigger one after the other, so that the bound of a burst holds. */
  readonly #lines = new Map<string, { waiting: number; end: Promise<void> }>();
  readonly #resting = new Map<string, number>();

  constructor(
    @InjectRepository(FiringRow) private readonly firings: Repository<FiringRow>,
    private readonly runs: RunService,
    private readonly refusals: Refusals,
    private readonly env: OrchestratorEnv,
  ) {}

  /**
   * Resolves when the run is stored, or there is none to start.
   * @throws what may be better later
   */
  async fire(trigger: TriggerRow, message: TriggerMessage): Promise<void> {
    if (message.at !== undefined && message.at < trigger.since) return;
    const params = this.#read(trigger, message);
    if (!params) return;
    const line = this.#lines.get(trigger.id) ?? { waiting: 0, end: Promise.resolve() };
    if (line.waiting >= maxWaiting || (this.#resting.get(trigger.id) ?? 0) > performance.now())
      return this.#refuseBurst(trigger, message);
    this.#lines.set(trigger.id, line);
    line.waiting++;
    const turn = line.end.then(() => this.#start(trigger, message, params));
    line.end = turn
      .catch(() => undefined)
      .then(() => {
        if (--line.waiting === 0) this.#lines.delete(trigger.id);
      });
    return turn;
  }

  #read(trigger: TriggerRow, message: TriggerMessage): ParamValues | undefined {
    try {
      return matches(trigger.when, message.event) ? paramsFor(trigger.params, message.event) : undefined;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      this.refusals.add(trigger, message, refusal('invalid_request', error.message));
      return undefined;
    }
  }

  async #start(trigger: TriggerRow, message: TriggerMessage, params: ParamValues): Promise<void> {
    const { id, pipeline } = trigger;
    if (await this.firings.existsBy({ trigger: id, message: message.id })) return;
    const depth = 1 + (await this.#depthOf(message));
    const { TRIGGER_DEPTH: maxDepth, TRIGGER_BURST: burst } = this.env;
    if (depth > maxDepth)
      return this.refusals.add(
        trigger,
        message,
        refusal('conflict', `${maxDepth} triggers have set one another off: this looks like a loop`),
      );
    const now = Date.now();
    if ((await this.firings.countBy({ trigger: id, at: Between(now - minuteMs, now) })) >= burst) {
      this.#resting.set(id, performance.now() + restMs);
      return this.#refuseBurst(trigger, message);
    }
    try {
      // A trace of its own: what the run causes is told from what caused it.
      await withTrace(undefined, `trigger ${pipeline}`, () => {
        const trace = parseTraceparent(currentTraceparent())?.traceId ?? '';
        return this.runs.start(
          { pipeline, params, idempotencyKey: `trigger/${id}/${message.id}` },
          (em, run) => this.#write(em, { trigger: id, message: message.id, run, trace, depth, at: now }),
        );
      });
    } catch (thrown) {
      if (thrown instanceof Superseded) return;
      const error = toDomainError(thrown);
      if (!isFinal(error)) throw thrown;
      this.refusals.add(trigger, message, error.toBody());
    }
  }

  /** How many triggers led to the run that this message comes from. */
  async #depthOf({ trace, run }: TriggerMessage): Promise<number> {
    const where = [...(trace === undefined ? [] : [{ trace }]), ...(run === undefined ? [] : [{ run }])];
    if (where.length === 0) return 0;
    const causes = await this.firings.find({ where, order: { depth: 'DESC' }, take: 1 });
    return causes[0]?.depth ?? 0;
  }

  async #write(em: EntityManager, firing: FiringRow): Promise<void> {
    const { trigger: id, run: lastRun, at: lastFiredAt } = firing;
    const change = { fired: () => 'fired + 1', lastRun, lastFiredAt, error: null };
    const { affected } = await em.update(TriggerRow, { id }, change as QueryDeepPartialEntity<TriggerRow>);
    if (affected !== 1) throw new Superseded();
    await em.insert(FiringRow, firing).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new Superseded() : error;
    });
  }

  #refuseBurst(trigger: TriggerRow, message: TriggerMessage): void {
    const { TRIGGER_BURST: burst } = this.env;
    this.refusals.add(trigger, message, refusal('overloaded', `more than ${burst} runs within a minute`));
  }
}
