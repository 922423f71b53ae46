export { component, componentsModule, type DescriptorLike } from './component.js';
export { cel, Expression, run, secret, Secret, type Condition, type Given } from './expression.js';
export type { FromSchema } from './json-schema.js';
export { event, pipeline, PipelineBuilder, type PipelineOptions, type TriggerOptions } from './pipeline.js';
export { Index, Item, Output, Source, type ItemOf, type Items, type PortKind } from './source.js';
export { Step, type StepOptions, type TaskOptions } from './step.js';
export { PipelineStep, StepsBuilder, type GivenBelow, type RunOptions } from './steps.js';
