import { BaseEnv } from '@millrace/service';
import { IsInt, IsNotEmpty, IsString, Max, MaxLength, Min } from 'class-validator';

export class GatewayEnv extends BaseEnv {
  /** There is no sign-in: whoever reaches this address may do everything. */
  @IsString() @IsNotEmpty() HTTP_HOST = '127.0.0.1';
  /** 0 = a free port. */
  @IsInt() @Min(0) @Max(65_535) HTTP_PORT = 8080;
  /** gRPC, on the address of HTTP. 0 = a free port, -1 = none. */
  @IsInt() @Min(-1) @Max(65_535) GATEWAY_GRPC_PORT = 8001;
  /**
   * Names, comma-separated, that the Host header may hold beside IP addresses, names without a dot and `*.localhost`;
   * `.example.com` stands for all below, `*` for any. Keeps web pages from reaching a loopback address by a name of theirs.
   */
  @IsString() @MaxLength(4000) HTTP_ALLOWED_HOSTS = '';
  /** Largest request body, and largest gRPC message. NATS carries 1 MiB unless its `max_payload` says otherwise. */
  @IsInt() @Min(1024) @Max(67_108_864) HTTP_BODY_LIMIT_BYTES = 1_048_576;
  /** How long a client may take to send its whole request, over gRPC too. */
  @IsInt() @Min(100) @Max(600_000) HTTP_REQUEST_TIMEOUT_MS = 30_000;
  /** Connections at a time, of HTTP and of gRPC; more are closed at once. */
  @IsInt() @Min(1) @Max(65_535) HTTP_MAX_CONNECTIONS = 1024;
  /** Requests being answered at a time, gRPC's among them; more are refused as `overloaded`: 503, RESOURCE_EXHAUSTED. */
  @IsInt() @Min(1) @Max(65_535) HTTP_MAX_IN_FLIGHT = 256;
  /** Event streams at a time, and gRPC streams; more are refused in the same way. */
  @IsInt() @Min(1) @Max(65_535) HTTP_MAX_EVENT_STREAMS = 200;
  /** How long a prediction may take unless the caller's deadline comes sooner. */
  @IsInt() @Min(10) @Max(600_000) PREDICTION_TIMEOUT_MS = 10_000;
}
