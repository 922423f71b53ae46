import type { Draft } from './draft.js';
import { referencesIn, type Reference } from './expression.js';
import type { FindComponent } from './check-connections.js';
import { ownProperty } from './own-property.js';
import type { Problem } from './problem.js';

const forms = '${{ params.<name> }} and ${{ steps.<step>.outputs.<port> }}';

/** Every `${{ … }}` in every step's params: does it say something, and is there such a thing? */
export const checkReferences = (draft: Draft, find: FindComponent): Problem[] => {
  const wrongWith = (reference: Reference): string | undefined => {
    if (reference.kind === 'malformed')
      return `'\${{ ${reference.text} }}' is no expression: there are ${forms}`;
    if (reference.kind === 'param')
      return draft.params.has(reference.name)
        ? undefined
        : `the pipeline has no parameter '${reference.name}'`;
    const step = draft.steps.get(reference.step);
    if (!step) return `there is no step '${reference.step}'`;
    const descriptor = step.component === undefined ? undefined : find(step.component);
    if (!descriptor) return undefined;
    const port = ownProperty(descriptor.outputs, reference.port);
    if (!port) return `step '${reference.step}' (${descriptor.name}) has no output '${reference.port}'`;
    return port.type === 'value'
      ? undefined
      : `output '${reference.step}.${reference.port}' is a ${port.type}, which an input takes, not a param`;
  };

  return [...draft.steps].flatMap(([name, step]) =>
    referencesIn(step.params, ['steps', name, 'params']).flatMap(({ path, reference }) => {
      const message = wrongWith(reference);
      return message === undefined ? [] : [{ path, message }];
    }),
  );
};
