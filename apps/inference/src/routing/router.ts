import { headerNames, type RoutingOptions, type Target } from '@millrace/contracts';
import { elementAt } from '@millrace/onnx';
import type { RequestHeaders } from '../protocol/codec.js';
import type { InferCall } from '../protocol/infer-call.js';
import { chooseByKey, hashOf } from './choose-by-key.js';
import { chooseByWeight } from './choose-by-weight.js';

export interface Routed {
  target: Target;
  weight: number;
}

/** Which of the targets that answer gets a request: by chance, or by the request's key where the endpoint is sticky. */
export class Router<T extends Routed> {
  /** All there is, where there is no choice to make. */
  readonly only: T | undefined;
  /** Of the greatest weight. */
  readonly main: T;
  private readonly choices: readonly { served: T; weight: number; seed: number }[];

  /** @param live at least one, each with a weight */
  constructor(
    live: readonly [T, ...T[]],
    private readonly options: RoutingOptions = {},
    /** Told of every key and the target that it gets. */
    private readonly onAssigned: (key: string, served: T) => void = () => {},
  ) {
    this.only = live.length === 1 ? live[0] : undefined;
    this.main = live.reduce((most, served) => (served.weight > most.weight ? served : most));
    this.choices = live.map((served) => {
      const { model, version } = served.target;
      return { served, weight: served.weight, seed: hashOf(`${model}@${version}`) };
    });
  }

  /** Before the request is read, where that can be decided then. */
  early(headers: RequestHeaders): T | undefined {
    if (!this.options.sticky) return this.byChance();
    const key = headers.get(headerNames.routingKey);
    return key === undefined || key === '' ? undefined : this.byKey(key);
  }

  /** By what the request says. */
  late({ parameters, feeds }: Pick<InferCall, 'parameters' | 'feeds'>): T {
    const key = parameters.routingKey ?? this.keyIn(feeds);
    return key === undefined ? this.byChance() : this.byKey(key);
  }

  private byChance(): T {
    return chooseByWeight(this.choices, Math.random()).served;
  }

  private byKey(key: string): T {
    const { served } = chooseByKey(this.choices, key);
    this.onAssigned(key, served);
    return served;
  }

  /** Of a missing value: none. */
  private keyIn(feeds: InferCall['feeds']): string | undefined {
    const { keyInput } = this.options;
    const tensor = keyInput === undefined ? undefined : feeds[keyInput];
    if (!tensor || tensor.data.length === 0) return undefined;
    const value = elementAt(tensor, 0);
    return value === '' || Number.isNaN(value) ? undefined : String(value);
  }
}
