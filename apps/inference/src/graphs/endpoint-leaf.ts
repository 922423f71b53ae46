import { headerNames, type GraphPorts } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import type { QueuedRun } from '../execution/queued-run.js';
import { compileInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import type { ServedEndpoints } from '../serving/served-endpoints.js';
import { checkTensors } from './check-tensors.js';
import { readAnswer, writeQuestion } from './remote-tensors.js';

/** An endpoint as part of a graph: asked in memory where this replica serves it, and over NATS where it does not. */
export class EndpointLeaf {
  readonly batchable: boolean;

  constructor(
    private readonly endpoint: string,
    private readonly ports: GraphPorts,
    private readonly served: ServedEndpoints,
    private readonly client: MessagingClient,
  ) {
    this.batchable = compileInterface(ports.signature).batchable;
  }

  async run(request: QueuedRun): Promise<Feeds> {
    const here = this.served.get(this.endpoint);
    const outputs = here && !here.unloaded ? await here.predict(request) : await this.askElsewhere(request);
    // It may serve another model by now.
    checkTensors(this.ports.signature.outputs, outputs);
    return outputs;
  }

  private async askElsewhere({ feeds, expiresAt, priority, parameters, hops }: QueuedRun): Promise<Feeds> {
    const { body, headerLength } = writeQuestion(feeds, { ...parameters, ...(priority ? { priority } : {}) });
    const headers = {
      [headerNames.inferenceHeaderLength]: String(headerLength),
      [headerNames.graphHops]: String(hops ?? 0),
    };
    const subject = this.client.subjects.infer(this.endpoint);
    const reply = await this.client.requestRaw(subject, body, {
      headers,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    return readAnswer(
      reply.data,
      reply.header(headerNames.inferenceHeaderLength),
      this.ports.signature.outputs,
    );
  }
}
