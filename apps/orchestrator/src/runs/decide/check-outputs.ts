import { isArtifactRef, type PortValue } from '@millrace/contracts';
import { ownProperty } from '../../definition/own-property.js';
import type { PlannedStep } from '../../definition/plan.js';

type Outputs = { readonly [port: string]: PortValue };

/**
 * What a component gave, against what it declared. Ports that the run doesn't know (of a newer version of the
 * component, say) are left out.
 */
export const checkOutputs = (
  { component, outputs: ports }: PlannedStep,
  given: Outputs,
): { outputs: Outputs; problem?: string } => {
  const known = Object.entries(ports).map(([port, declared]) => ({
    port,
    ...declared,
    value: ownProperty(given, port),
  }));
  const wrong = known.find(({ type, optional, many, value }) => {
    if (value === undefined) return !optional;
    if (type === 'value') return false;
    const isOne = (ref: unknown) => isArtifactRef(ref) && ref.type === type;
    return !(many ? Array.isArray(value) && value.every(isOne) : isOne(value));
  });
  const outputs = Object.fromEntries(
    known.flatMap(({ port, value }) => (value === undefined ? [] : [[port, value]])),
  );
  return wrong
    ? {
        outputs,
        problem: `component '${component}' finished without a ${wrong.many ? 'list of ' : ''}${wrong.type} on its output '${wrong.port}'`,
      }
    : { outputs };
};
