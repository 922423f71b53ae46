import type { DeployRequest, DomainError } from '@millrace/contracts';
import { checkDeploy, checkKeyInput } from './check-deploy.js';

const messageOf = (request: Partial<DeployRequest>): string => {
  try {
    checkDeploy(request);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_request' });
    return (error as DomainError).message;
  }
  return '';
};
const step = (weight: number, durationMs?: number) => (durationMs ? { weight, durationMs } : { weight });

describe('a request to deploy', () => {
  it.each<[string, Partial<DeployRequest>]>([
    ['', {}],
    ['', { strategy: 'canary', canary: { steps: [step(5, 1000), step(25)] } }],
    ['', { routing: { sticky: true, keyInput: 'customer', recordAssignments: true } }],
    ["canary: is missing: the strategy 'canary' needs its steps", { strategy: 'canary' }],
    ["canary: means nothing to the strategy 'rolling'", { canary: { steps: [step(5)] } }],
    [
      'canary.steps[1].weight: must be more than that of the step before',
      { strategy: 'canary', canary: { steps: [step(25, 1000), step(25)] } },
    ],
    [
      'canary.steps[0].durationMs: is missing: only the last step may last until somebody promotes',
      { strategy: 'canary', canary: { steps: [step(5), step(25)] } },
    ],
    ['', { execution: { runner: 'process', memoryMb: 64, timeoutMs: 50, preferredBatchRows: [4, 8] } }],
    [
      "execution.timeoutMs: means nothing to the runner 'inline'; execution.memoryMb: means nothing to the runner 'inline'",
      { execution: { runner: 'inline', memoryMb: 64, timeoutMs: 50 } },
    ],
    [
      'execution.preferredBatchRows[1]: must be more than the one before',
      { execution: { preferredBatchRows: [8, 8] } },
    ],
    [
      'execution.preferredBatchRows[1]: must not be more than maxBatchRows, 16',
      { execution: { preferredBatchRows: [8, 32], maxBatchRows: 16 } },
    ],
    ['routing.keyInput: means nothing without routing.sticky', { routing: { keyInput: 'customer' } }],
  ])('%j is said of %j', (message, request) => {
    expect(messageOf(request)).toBe(message);
  });
});

it('names the inputs that a key can be of', () => {
  const signature = {
    inputs: ['distance', 'origin'].map((name) => ({ name, datatype: 'FP32', shape: [-1, 1] })),
    outputs: [],
  };
  const check = (keyInput: string) => checkKeyInput({ routing: { sticky: true, keyInput } }, signature);
  expect(() => check('origin')).not.toThrow();
  expect(() => check('orign')).toThrow(
    'routing.keyInput: is no input of this version; it has distance, origin',
  );
});
