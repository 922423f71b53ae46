/** CloudEvents 1.0, structured JSON mode. https://github.com/cloudevents/spec */
export interface CloudEvent<T = unknown> {
  specversion: '1.0';
  /** Unique per source; also the deduplication id on JetStream. */
  id: string;
  /** `/millrace/<service>` */
  source: string;
  /** `<service>.<noun>.<past verb>`, e.g. `registry.version.created`; the subject is `<prefix>.event.<type>`. */
  type: string;
  /** What it is about, e.g. a run id. */
  subject?: string;
  /** RFC 3339 */
  time: string;
  datacontenttype: 'application/json';
  traceparent?: string;
  data: T;
}
