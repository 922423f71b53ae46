import type { JsonValue, PortValue } from '@millrace/contracts';
import { resolve } from '../../definition/expression.js';
import type { PlannedStep } from '../../definition/plan.js';
import { lookupIn, previousOf } from './bind-step.js';
import { endStep } from './end-step.js';
import { holds } from './evaluate.js';
import { instancesOf, type Instance } from './instances.js';
import { hasResult, isEnd, isIdle } from './state.js';
import type { Turn } from './turn.js';
import { Unbound } from './unbound.js';

/** More are refused when they are known. */
export const maxItems = 10_000;

const itemsOf = (turn: Turn, { foreach }: PlannedStep): JsonValue[] => {
  const items = resolve(foreach?.items ?? [], lookupIn(turn.state));
  if (!Array.isArray(items)) throw new Unbound(`the items of 'foreach' are no list`);
  if (items.length > maxItems)
    throw new Unbound(`'foreach' has ${items.length} items, more than ${maxItems}`);
  return items;
};

/** A step that is done as several: it is under way without a task of its own. @throws Unbound */
export const beginGroup = (turn: Turn, step: number, at: number): void => {
  const planned = turn.planned(step);
  const first: Instance[] = planned.foreach
    ? itemsOf(turn, planned).map((item, index) => ({ of: step, index, item }))
    : [{ of: step, index: 1 }];
  turn.changeStep(step, { status: 'running', queuedAt: at, startedAt: at });
  if (first.length > 0) turn.append(first);
  turn.note(
    'info',
    planned.foreach ? `is done for ${first.length} items` : 'begins its first iteration',
    step,
  );
  advanceGroup(turn, step, at);
};

/** Begins as many instances as may run at once, or draws what follows from all of them. */
export const advanceGroup = (turn: Turn, step: number, at: number): void => {
  const group = instancesOf(turn.state.plan, step);
  const { concurrency } = turn.planned(step).foreach ?? { concurrency: 1 };
  let out = group.filter((one) => !isIdle(turn.step(one)) && !isEnd(turn.step(one).status)).length;
  for (const one of group) {
    if (out >= concurrency) break;
    if (!isIdle(turn.step(one))) continue;
    turn.makeReady(one);
    out++;
  }
  concludeGroup(turn, step, at);
};

/** One instance is at its end: another one begins, or all are done. */
export const followInstance = (turn: Turn, step: number, at: number): void => {
  if (turn.step(step).status !== 'running') return;
  const group = instancesOf(turn.state.plan, step);
  const next = group[turn.state.groups.get(step)?.idle ?? group.length];
  if (next !== undefined && !turn.state.paused) turn.makeReady(next);
  concludeGroup(turn, step, at);
};

const concludeGroup = (turn: Turn, step: number, at: number): void => {
  if (turn.step(step).status !== 'running' || (turn.state.groups.get(step)?.open ?? 0) > 0) return;
  const group = instancesOf(turn.state.plan, step);
  const failed = group.find((one) => !hasResult(turn.step(one).status));
  if (failed !== undefined) return failWith(turn, step, failed, at);
  if (turn.planned(step).foreach) collect(turn, step, group, at);
  else iterate(turn, step, group, at);
};

const failWith = (turn: Turn, step: number, instance: number, at: number): void => {
  const { status, error } = turn.step(instance);
  const { name } = turn.planned(instance);
  endStep(turn, step, at, {
    status: 'failed',
    error: error
      ? { ...error, message: `'${name}': ${error.message}`, retryable: false }
      : { code: 'internal', message: `'${name}' is ${status}`, retryable: false },
  });
};

/** What the instances gave, port by port, in order. */
const collect = (turn: Turn, step: number, group: readonly number[], at: number): void => {
  const given = group.map((one) => turn.step(one).outputs ?? {});
  const ports = new Set([...Object.keys(turn.planned(step).outputs), ...given.flatMap(Object.keys)]);
  const lists = [...ports].map((port) => [port, given.map((outputs) => outputs[port] ?? null)] as const);
  const outputs: { [port: string]: PortValue } = Object.fromEntries(lists as [string, JsonValue][]);
  turn.note('info', `succeeded for ${group.length} items`, step);
  endStep(turn, step, at, { status: 'succeeded', outputs, error: undefined });
};

/** The last iteration's outputs decide: enough, again, or too often. */
const iterate = (turn: Turn, step: number, group: readonly number[], at: number): void => {
  const { until } = turn.planned(step);
  const outputs = turn.step(group.at(-1) ?? -1).outputs ?? {};
  if (!until) return;
  try {
    const index = group.length;
    const previous = previousOf(turn.state, step, index);
    if (holds(turn.state, until.condition, 'until', { outputs, previous, index })) {
      turn.note('info', `succeeded after ${group.length} iterations`, step);
      return endStep(turn, step, at, { status: 'succeeded', outputs, error: undefined });
    }
    if (group.length >= until.max)
      throw new Unbound(
        `'${until.condition.text}' does not hold after ${until.max} iterations`,
        'gate_failed',
      );
  } catch (error) {
    if (!(error instanceof Unbound)) throw error;
    const { code, message } = error;
    return endStep(turn, step, at, { status: 'failed', error: { code, message, retryable: false } });
  }
  turn.append([{ of: step, index: group.length + 1 }]);
  advanceGroup(turn, step, at);
};
