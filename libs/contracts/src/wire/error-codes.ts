/**
 * The one table of error codes: what each means on every road. `http` is also the numeric `Nats-Service-Error-Code`;
 * `grpc` is the canonical gRPC status number; `retryable` is the default that a single error may override.
 */
export const errorCodes = {
  invalid_request: { http: 400, grpc: 3, retryable: false },
  unauthenticated: { http: 401, grpc: 16, retryable: false },
  forbidden: { http: 403, grpc: 7, retryable: false },
  not_found: { http: 404, grpc: 5, retryable: false },
  already_exists: { http: 409, grpc: 6, retryable: false },
  conflict: { http: 409, grpc: 10, retryable: true },
  payload_too_large: { http: 413, grpc: 11, retryable: false },
  data_invalid: { http: 422, grpc: 9, retryable: false },
  gate_failed: { http: 422, grpc: 9, retryable: false },
  overloaded: { http: 503, grpc: 8, retryable: true },
  unavailable: { http: 503, grpc: 14, retryable: true },
  deadline_exceeded: { http: 504, grpc: 4, retryable: true },
  cancelled: { http: 499, grpc: 1, retryable: false },
  unsupported: { http: 501, grpc: 12, retryable: false },
  storage_full: { http: 507, grpc: 8, retryable: true },
  integrity: { http: 500, grpc: 15, retryable: false },
  internal: { http: 500, grpc: 13, retryable: true },
} as const satisfies Record<string, { http: number; grpc: number; retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorCodes, value);
