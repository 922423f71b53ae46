import type {
  JsonValue,
  ParamDefinition,
  PipelineDefinition,
  ScheduleDefinition,
  TriggerDefinition,
} from '@millrace/contracts';
import { Document, visit } from 'yaml';
import { Expression, conditionText, member, plain, type Condition, type Given } from './expression.js';
import { StepsBuilder } from './steps.js';

interface ParamTypes {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  object: { [name: string]: JsonValue };
  array: JsonValue[];
}

export interface PipelineOptions {
  description?: string;
  concurrency?: number;
  priority?: number;
}

export type TriggerOptions = { params?: { [name: string]: Given<unknown> }; when?: Condition };

/** What a trigger's event says, as CEL: `` cel`${event}.data.name == 'flights'` `` */
export const event = new Expression<{ [field: string]: unknown }>('event');

/** Builds what YAML would say. Nothing is checked here that the orchestrator checks when it is submitted. */
export class PipelineBuilder extends StepsBuilder {
  readonly onFailure: StepsBuilder;
  readonly finally: StepsBuilder;
  readonly #params: { [name: string]: ParamDefinition } = {};
  readonly #triggers: TriggerDefinition[] = [];
  #schedule?: ScheduleDefinition;

  constructor(
    readonly name: string,
    private readonly options: PipelineOptions = {},
  ) {
    const taken = new Set<string>();
    super(taken);
    this.onFailure = new StepsBuilder(taken);
    this.finally = new StepsBuilder(taken);
  }

  /** Declares a parameter. */
  param<K extends keyof ParamTypes>(
    name: string,
    definition: { type: K; default?: ParamTypes[K]; description?: string },
  ): Expression<ParamTypes[K]> {
    this.#params[name] = definition;
    return new Expression(member('params', name), `params.${name}`);
  }

  schedule(schedule: ScheduleDefinition): this {
    this.#schedule = schedule;
    return this;
  }

  /** Starts a run on an event of Millrace, or on a message. */
  trigger(source: { event: string } | { subject: string }, { when, params }: TriggerOptions = {}): this {
    this.#triggers.push({
      ...source,
      ...(when === undefined ? {} : { when: conditionText(when) }),
      ...(params ? { params: plain(params) } : {}),
    });
    return this;
  }

  toDefinition(): PipelineDefinition {
    const onFailure = this.onFailure.toSteps();
    const last = this.finally.toSteps();
    return plain({
      name: this.name,
      ...this.options,
      ...(Object.keys(this.#params).length > 0 ? { params: this.#params } : {}),
      ...(this.#schedule ? { schedule: this.#schedule } : {}),
      ...(this.#triggers.length > 0 ? { triggers: this.#triggers } : {}),
      steps: this.toSteps() ?? {},
      ...(onFailure ? { onFailure } : {}),
      ...(last ? { finally: last } : {}),
    });
  }

  toYaml(): string {
    const document = new Document(this.toDefinition(), { aliasDuplicateObjects: false });
    // As a block, text of nothing but white space would be read back as other white space.
    visit(document, {
      Scalar: (_, scalar) => {
        if (typeof scalar.value === 'string' && /^\s+$/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
      },
    });
    return document.toString({ lineWidth: 100 });
  }
}

export const pipeline = (name: string, options?: PipelineOptions): PipelineBuilder =>
  new PipelineBuilder(name, options);
