import { DomainError, toDomainError } from '@millrace/contracts';
import type {
  CompiledChain,
  CompiledEnsemble,
  CompiledNode,
  CompiledRoute,
  From,
} from '@millrace/pipeline/inference-graph';
import { rowsOf } from '../execution/batch.js';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Feeds } from '../protocol/tensor.js';
import { average, vote } from './combine.js';
import { choosePerRow, chooseOnce } from './choose-case.js';
import { checkTensors } from './check-tensors.js';
import { gather, scatter } from './split-rows.js';
import { latenessOf } from '../execution/run-batch.js';

/** What answers for a model or an endpoint of a graph. */
export interface LeafRunner {
  batchable: boolean;
  run(request: QueuedRun): Promise<Feeds>;
}

/** One request on its way through a graph. */
export interface GraphRun {
  leaves: ReadonlyMap<string, LeafRunner>;
  request: QueuedRun;
  abandoned: { yes: boolean };
  hops: number;
}

/** Runs a node with all that is below it. @throws DomainError that names the node which failed */
export const runNode = (node: CompiledNode, feeds: Feeds, run: GraphRun): Promise<Feeds> => {
  switch (node.kind) {
    case 'leaf':
      return runLeaf(node, feeds, run);
    case 'chain':
      return runChain(node, feeds, run);
    case 'ensemble':
      return runEnsemble(node, feeds, run);
    case 'route':
      return runRoute(node, feeds, run);
  }
};

const runLeaf = async (node: CompiledNode, given: Feeds, run: GraphRun): Promise<Feeds> => {
  const { request, abandoned, hops } = run;
  try {
    const { expiresAt, priority, parameters } = request;
    const late = latenessOf({ expiresAt, abandoned }, performance.now(), 'before it could run');
    if (late) throw late;
    const leaf = run.leaves.get(node.name)!;
    const feeds = pick(given, node);
    checkTensors(node.ports.signature.inputs, feeds);
    const rows = leaf.batchable ? countRows(feeds) : 1;
    return await leaf.run({
      ...{ feeds, rows, expiresAt, abandoned, hops },
      ...(priority === undefined ? {} : { priority }),
      ...(parameters ? { parameters } : {}),
    });
  } catch (error) {
    throw new NodeFailed(node.name, error);
  }
};

const runChain = async ({ steps, outputs }: CompiledChain, feeds: Feeds, run: GraphRun): Promise<Feeds> => {
  const results: Feeds[] = [];
  const take = (wanted: ReadonlyMap<string, From>): Feeds => {
    const taken: Feeds = {};
    for (const [name, { step, name: from }] of wanted)
      taken[name] = (step === -1 ? feeds : results[step]!)[from]!;
    return taken;
  };
  for (const { node, inputs } of steps) results.push(await runNode(node, take(inputs), run));
  return take(outputs);
};

const runEnsemble = async (node: CompiledEnsemble, feeds: Feeds, run: GraphRun): Promise<Feeds> => {
  const settled = await Promise.allSettled(
    node.members.map(({ node: member }) =>
      runNode(member, feeds, run).catch((error: unknown) => {
        run.abandoned.yes = true;
        throw error;
      }),
    ),
  );
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as DomainError] : []));
  // Not the one that was given up because another had failed.
  if (failures.length > 0) throw failures.find(({ code }) => code !== 'cancelled') ?? failures[0]!;
  const results = settled.map((one) => (one as PromiseFulfilledResult<Feeds>).value);
  const { combine, members, ports } = node;
  try {
    if (combine === 'each')
      return Object.fromEntries(
        results.flatMap((outputs, i) =>
          Object.entries(outputs).map(([name, tensor]) => [`${members[i]!.node.name}.${name}`, tensor]),
        ),
      );
    const weights = members.map(({ weight }) => weight);
    const names = ports.signature.outputs.map(({ name }) => name).filter((name) => name !== node.label);
    return combine === 'average'
      ? average(results, weights, names, node.label)
      : vote(results, weights, names);
  } catch (error) {
    throw new NodeFailed(node.name, error);
  }
};

const runRoute = async (node: CompiledRoute, feeds: Feeds, run: GraphRun): Promise<Feeds> => {
  const targets = [...node.cases.map(({ node: target }) => target), node.otherwise];
  const parameters = run.request.parameters ?? {};
  const rows = node.reads.length > 0 ? countRows(feeds) : 1;
  let ways: Int32Array | number;
  try {
    ways = rows === 1 ? chooseOnce(node, feeds, parameters) : choosePerRow(node, feeds, rows, parameters);
  } catch (error) {
    throw new NodeFailed(node.name, error);
  }
  if (typeof ways === 'number') return runNode(targets[ways]!, feeds, run);
  const groups = new Map<number, number[]>();
  ways.forEach((way, row) => {
    const group = groups.get(way);
    if (group) group.push(row);
    else groups.set(way, [row]);
  });
  const results = await Promise.all(
    [...groups].map(async ([way, members]) => ({
      rows: members,
      outputs: await runNode(targets[way]!, gather(feeds, members), run),
    })),
  );
  return scatter(results, rows);
};

const pick = (given: Feeds, { ports }: CompiledNode): Feeds => {
  const feeds: Feeds = {};
  for (const { name } of ports.signature.inputs) feeds[name] = given[name]!;
  return feeds;
};

/** @throws DomainError where tensors do not have as many rows as each other */
const countRows = (feeds: Feeds): number => {
  const rows = rowsOf(feeds);
  for (const name in feeds)
    if (feeds[name]!.dims[0] !== rows)
      throw new DomainError('data_invalid', `'${name}' has ${feeds[name]!.dims[0]} rows, and others ${rows}`);
  return rows;
};

/** Under the code of what happened there. */
class NodeFailed extends DomainError {
  constructor(node: string, thrown: unknown) {
    const { code, message, retryable, details } = toDomainError(thrown);
    super(code, `node '${node}': ${message}`, { retryable, details: { ...details, node }, cause: thrown });
  }
}
