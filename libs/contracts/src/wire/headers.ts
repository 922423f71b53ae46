/** Header names on NATS messages (and HTTP where they make sense). */
export const headerNames = {
  /**
   * How many milliseconds the caller waits from when it sent this. Counted by the receiver from receipt, on a clock that
   * nobody sets: right however wrong the clocks are.
   */
  timeout: 'Millrace-Timeout',
  /** The same as a time of day (epoch milliseconds), for receivers that know no other; alone, it is what counts. */
  deadline: 'Millrace-Deadline',
  /** W3C trace context. */
  traceparent: 'traceparent',
  /** JetStream deduplication. */
  messageId: 'Nats-Msg-Id',
  /** On a task: how many workers have begun this attempt and not ended it. */
  lapses: 'Millrace-Lapses',
  /** On a task: how many of them have vanished with it in hand. */
  crashes: 'Millrace-Crashes',
  /** ADR-32 errors. */
  serviceError: 'Nats-Service-Error',
  serviceErrorCode: 'Nats-Service-Error-Code',
  /** Length in bytes of the JSON part of a binary tensor body (Open Inference Protocol). */
  inferenceHeaderLength: 'Inference-Header-Content-Length',
  /** On a prediction: only this version of the model; one that the endpoint does not serve is `not_found`. */
  modelVersion: 'Millrace-Model-Version',
  /** On a prediction: of requests with the same key, all go to the same target where the endpoint is sticky. */
  routingKey: 'Millrace-Routing-Key',
  /** On a prediction that a graph asks for: how many graphs it came through. */
  graphHops: 'Millrace-Graph-Hops',
  contentType: 'Content-Type',
  /** gzip or deflate: how the body of a prediction, or of its answer, is compressed. */
  contentEncoding: 'Content-Encoding',
  /** On a prediction: how its answer may be compressed. */
  acceptEncoding: 'Accept-Encoding',
  idempotencyKey: 'Idempotency-Key',
} as const;
