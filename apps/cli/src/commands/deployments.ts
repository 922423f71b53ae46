import {
  endpointDeploy,
  endpointGet,
  endpointList,
  endpointPromote,
  endpointRollback,
  graphLimits,
  rolloutList,
  rolloutStrategies,
  type CanaryOptions,
  type DeployRequest,
  type EndpointView,
  type RolloutMeasure,
  type RolloutStrategy,
  type RolloutView,
  type RoutingOptions,
  type Target,
} from '@millrace/contracts';
import { moment, number } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { listed, type Paging } from './paging.js';
import { readText } from './read-input.js';
import type { CanaryStepOption } from './parse-canary-step.js';

export interface DeployOptions {
  strategy?: RolloutStrategy;
  step?: CanaryStepOption[];
  minRequests?: number;
  maxErrorRate?: number;
  maxP99?: number;
  sticky?: boolean;
  keyInput?: string;
  recordAssignments?: boolean;
  shadowPercent?: number;
  key?: string;
}

const targetText = ({ model, version, weight, role = 'live' }: Target): string =>
  role === 'live' ? `${model} ${version} (${weight} %)` : `${model} ${version} (${role})`;

const phaseOf = ({ strategy, phase, weight }: RolloutView): string =>
  phase === 'canary' ? `canary at ${weight} %` : `${strategy}: ${phase.replace('_', ' ')}`;

const row = ({ endpoint, revision, targets, status, rollout, unloaded }: EndpointView): Cell[] => [
  endpoint,
  revision,
  targets.map(targetText).join(', '),
  unloaded ? 'unloaded' : status,
  rollout && phaseOf(rollout),
  rollout?.error?.message ?? rollout?.reason,
];

const header = ['endpoint', 'revision', 'serves', 'status', 'rollout', 'why'];

const one = (view: EndpointView): string =>
  [table(header, [row(view)]), replicasOf(view), measuresOf(view.rollout)].filter(Boolean).join('\n\n');

const replicasOf = ({ replicas }: EndpointView): string =>
  replicas.length === 0
    ? 'no replica has said yet what it serves'
    : table(
        ['replica', 'revision', 'state', 'why'],
        replicas.map(({ replica, revision, state, error }) => [replica, revision, state, error]),
      );

const measuresOf = (rollout: RolloutView | undefined): string | undefined => {
  if (!rollout?.candidate) return undefined;
  const side = (name: string, { requests, errors, p50, p99 }: RolloutMeasure): Cell[] => [
    name,
    requests,
    errors,
    p50 === undefined ? undefined : number(p50),
    p99 === undefined ? undefined : number(p99),
  ];
  const rows = [side('candidate', rollout.candidate)];
  if (rollout.previous) rows.push(side('before', rollout.previous));
  const measured = table(['version', 'requests', 'errors', 'p50 (ms)', 'p99 (ms)'], rows);
  if (!rollout.shadow) return measured;
  const {
    rows: compared,
    agreement,
    largestDifference,
    largestDifferenceIn,
    failed,
    skipped,
  } = rollout.shadow;
  const compare = table(
    ['rows compared', 'agree', 'largest difference', 'in', 'failed', 'skipped'],
    [
      [
        compared,
        agreement === undefined ? undefined : `${number(agreement * 100)} %`,
        largestDifference === undefined ? undefined : number(largestDifference),
        largestDifferenceIn,
        failed,
        skipped,
      ],
    ],
  );
  return `${measured}\n\n${compare}`;
};

/** All endpoints, or one with its replicas and what its rollout measured. */
export const deployments = async (context: Context, endpoint: string | undefined): Promise<void> => {
  if (endpoint !== undefined) return void (await ask(context, endpointGet, { endpoint }, one));
  await ask(context, endpointList, {}, (page) =>
    listed(page, 'nothing is deployed yet', () => table(header, page.items.map(row))),
  );
};

export const rollouts = async (context: Context, endpoint: string, paging: Paging): Promise<void> =>
  void (await ask(context, rolloutList, { endpoint, ...paging }, (page) =>
    listed(page, 'no rollouts yet', () =>
      table(
        ['rollout', 'strategy', 'phase', 'version', 'before', 'started (UTC)', 'why'],
        page.items.map((rollout) => [
          rollout.number,
          rollout.strategy,
          rollout.phase,
          `${rollout.model} ${rollout.version}`,
          rollout.previousVersion,
          moment(rollout.startedAt),
          rollout.error?.message ?? rollout.reason,
        ]),
      ),
    ),
  ));

export const deploy = async (
  context: Context,
  endpoint: string,
  model: string,
  version: number,
  options: DeployOptions,
): Promise<void> =>
  void (await ask(context, endpointDeploy, requestOf(endpoint, { model, version }, options), one));

/** Of a larger file the service would take nothing: a character has up to four bytes. */
const maxGraphBytes = 4 * graphLimits.text;

export const deployGraph = async (
  context: Context,
  endpoint: string,
  file: string,
  options: DeployOptions,
): Promise<void> => {
  const graph = await readText(file, maxGraphBytes);
  await ask(context, endpointDeploy, requestOf(endpoint, { graph }, options), one);
};

export const promote = async (
  context: Context,
  endpoint: string,
  options: { rollout?: number },
): Promise<void> => void (await ask(context, endpointPromote, given({ endpoint, ...options }), one));

export const rollback = async (
  context: Context,
  endpoint: string,
  options: { rollout?: number; reason?: string },
): Promise<void> => void (await ask(context, endpointRollback, given({ endpoint, ...options }), one));

const requestOf = (
  endpoint: string,
  served: Pick<DeployRequest, 'model' | 'version' | 'graph'>,
  options: DeployOptions,
): DeployRequest => {
  const { step: steps, minRequests, maxErrorRate, maxP99: maxLatencyP99Ms } = options;
  const canary: CanaryOptions | undefined =
    steps && given({ steps, minRequests, maxErrorRate, maxLatencyP99Ms });
  const { sticky, keyInput, recordAssignments, shadowPercent } = options;
  const shadow = shadowPercent === undefined ? undefined : { percent: shadowPercent };
  const routing: RoutingOptions = given({ sticky, keyInput, recordAssignments, shadow });
  return given({
    ...{ endpoint, ...served, idempotencyKey: options.key },
    strategy: options.strategy ?? (canary ? 'canary' : undefined),
    canary,
    routing: Object.keys(routing).length > 0 ? routing : undefined,
  }) as DeployRequest;
};

export const strategies = rolloutStrategies;
