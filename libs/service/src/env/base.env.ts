import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { logLevels, type LogLevel } from '@millrace/observability';
import { IsNatsUrl } from './is-nats-url.js';

/** Settings that every service has. A service's own `config/<service>.env.ts` extends this. */
export class BaseEnv {
  /** `nats://host:4222`, several separated by commas; user and password may be part of it. */
  @IsNatsUrl() NATS_URL = 'nats://127.0.0.1:4222';
  /** Path of a `.creds` file. */
  @IsOptional() @IsString() @IsNotEmpty() NATS_CREDENTIALS_FILE?: string;
  /** Begins every subject, so that several Millraces share one NATS. */
  @Matches(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, { message: '$property must be tokens such as millrace.v1' })
  @MaxLength(100)
  SUBJECT_PREFIX = 'millrace.v1';
  /** Where the service keeps its files; SQLite is `<DATA_DIR>/<service>.sqlite`. */
  @IsString() @IsNotEmpty() DATA_DIR = '.millrace/data';
  /** trace, debug, info, warn, error, fatal or silent. */
  @IsIn(logLevels) LOG_LEVEL: LogLevel = 'info';
  /** Lines for people instead of JSON. */
  @IsBoolean() LOG_PRETTY = false;
  /** Address of /health/live, /health/ready and /metrics. */
  @IsString() @IsNotEmpty() HEALTH_HOST = '127.0.0.1';
  /** 0 = a free port, -1 = none. */
  @IsInt() @Min(-1) @Max(65_535) HEALTH_PORT = 0;
  /** How long a stop may take before the process ends anyway. */
  @IsInt() @Min(100) @Max(600_000) SHUTDOWN_TIMEOUT_MS = 10_000;
}

/** For a service with a database. */
export class DatabaseEnv extends BaseEnv {
  /** `postgres://user:password@host:5432/database`; without it SQLite in DATA_DIR. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: '$property must begin with postgres://' })
  DATABASE_URL?: string;
}

/** For a service that reads or writes artifacts. */
export class ArtifactsEnv extends BaseEnv {
  /** `file:///directory` or a path; the same for all services. */
  @IsString() @IsNotEmpty() ARTIFACTS_URL = '.millrace/artifacts';
}

/** For a service that has both. */
export class DatabaseAndArtifactsEnv extends DatabaseEnv {
  /** `file:///directory` or a path; the same for all services. */
  @IsString() @IsNotEmpty() ARTIFACTS_URL = '.millrace/artifacts';
}
