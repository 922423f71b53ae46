/** A class whose instances class-validator can check. */
export type Dto<T extends object = object> = new () => T;

export interface HttpBinding {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:name` parameters, which fill the request's fields of the same name; so does the query of a GET. */
  path: string;
  /** Success status; 200 unless said. */
  status?: number;
}

/**
 * One operation of one service: the same request, response and error codes over NATS request-reply
 * (`<prefix>.<service>.<name>`) and, when `http` is given, over the gateway.
 */
export interface Operation<Request extends object = object, Response extends object = object> {
  readonly service: string;
  /** `<noun>.<verb>` */
  readonly name: string;
  readonly summary: string;
  readonly request: Dto<Request>;
  readonly response: Dto<Response>;
  readonly http?: HttpBinding;
  /**
   * Every replica of the service answers, for itself alone: ask with `MessagingClient.requestAll`. Otherwise replicas share
   * what is asked.
   */
  readonly everyReplica?: true;
  /** How long a caller waits unless it says otherwise, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

export const defineOperation = <Request extends object, Response extends object>(
  operation: Operation<Request, Response>,
): Operation<Request, Response> => Object.freeze(operation);

export type RequestOf<O> = O extends Operation<infer Q, infer _> ? Q : never;
export type ResponseOf<O> = O extends Operation<infer _, infer R> ? R : never;
