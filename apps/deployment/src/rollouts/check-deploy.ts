import {
  InvalidRequest,
  type DeployRequest,
  type FieldError,
  type ModelSignature,
} from '@millrace/contracts';
import { checkExecution } from './check-execution.js';

type Checked = Pick<
  DeployRequest,
  'graph' | 'model' | 'version' | 'strategy' | 'canary' | 'routing' | 'execution'
>;

/** What single fields can't say. @throws InvalidRequest that names every wrong field */
export const checkDeploy = (request: Checked): void => {
  const fields = [
    ...graphErrors(request),
    ...canaryErrors(request),
    ...routingErrors(request),
    ...checkExecution(request.execution),
  ];
  if (fields.length > 0) throw new InvalidRequest(fields);
};

/** One of both. */
const graphErrors = (request: Checked): FieldError[] =>
  request.graph === undefined
    ? []
    : (['model', 'version'] as const)
        .filter((field) => request[field] !== undefined)
        .map((field) => ({ field, message: 'means nothing beside a graph, which names its models itself' }));

const canaryErrors = ({ strategy = 'rolling', canary }: Checked): FieldError[] => {
  if (strategy !== 'canary')
    return canary ? [{ field: 'canary', message: `means nothing to the strategy '${strategy}'` }] : [];
  if (!canary) return [{ field: 'canary', message: "is missing: the strategy 'canary' needs its steps" }];
  return canary.steps.flatMap(({ weight, durationMs }, i) => [
    ...(i > 0 && weight <= canary.steps[i - 1]!.weight
      ? [{ field: `canary.steps[${i}].weight`, message: 'must be more than that of the step before' }]
      : []),
    ...(durationMs === undefined && i < canary.steps.length - 1
      ? [
          {
            field: `canary.steps[${i}].durationMs`,
            message: 'is missing: only the last step may last until somebody promotes',
          },
        ]
      : []),
  ]);
};

const routingErrors = ({ routing }: Checked): FieldError[] => {
  if (!routing || routing.sticky) return [];
  return (['keyInput', 'recordAssignments'] as const)
    .filter((name) => routing[name])
    .map((name) => ({ field: `routing.${name}`, message: 'means nothing without routing.sticky' }));
};

/** A key that no request could have. @throws InvalidRequest */
export const checkKeyInput = ({ routing }: Checked, { inputs }: ModelSignature): void => {
  const { keyInput } = routing ?? {};
  const names = inputs.map(({ name }) => name);
  if (keyInput === undefined || names.includes(keyInput)) return;
  const message = `is no input of this version; it has ${names.slice(0, 20).join(', ')}`;
  throw new InvalidRequest([{ field: 'routing.keyInput', message }]);
};
