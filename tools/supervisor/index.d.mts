export interface SupervisorState {
  pid: number;
  /** RFC 3339 */
  startedAt: string;
  mode: 'processes' | 'standalone';
  state: 'starting' | 'ready' | 'stopping';
  natsUrl?: string;
  gatewayUrl?: string;
  /** `host:port`. */
  grpcAddress?: string;
  services: { name: string; pid: number | undefined; healthPort?: number; restarts: number }[];
}

export type SupervisorEvent =
  | { type: 'nats'; url: string; version: string; how: string }
  | { type: 'started' | 'restarted'; name: string; pid: number }
  | { type: 'ready'; name: string; afterMs: number }
  | {
      type: 'exited';
      name: string;
      code: number | null;
      signal: string | null;
      restartInMs?: number;
      log: string;
    }
  | { type: 'stopping' };

export interface StartOptions {
  only?: string[];
  env?: Record<string, string>;
  serviceEnv?: Record<string, Record<string, string>>;
  standalone?: boolean;
  /** The workspace whose apps/ are started; this one unless said. */
  root?: string;
  stateDir?: string;
  natsUrl?: string;
  natsBinary?: string;
  gatewayPort?: number;
  autoRestart?: boolean;
  readyTimeoutMs?: number;
  /** Stops what has been started so far; `startAll` then throws. */
  signal?: AbortSignal;
  /** Told about slow preparations, e.g. a download. */
  say?: (line: string) => void;
  onEvent?: (event: SupervisorEvent) => void;
}

export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Waits until that process is gone, except for SIGSTOP and SIGCONT. With `autoRestart` it comes back. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in an orderly way, starts it again; resolves when it answers again. */
  restart(): Promise<void>;
}

export interface Supervisor extends AsyncDisposable {
  readonly services: Map<string, SupervisedProcess & { readonly healthPort?: number }>;
  readonly natsUrl: string;
  readonly gatewayUrl: string | undefined;
  /** `host:port`. */
  readonly grpcAddress: string | undefined;
  /** `undefined` when it was started by somebody else. */
  readonly nats: SupervisedProcess | undefined;
  readonly stateDir: string;
  /** Resolves when every service says that it is ready (again). */
  ready(timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export function startAll(options?: StartOptions): Promise<Supervisor>;
/** Names of the services in apps/. */
export function listServices(root?: string): string[];
/** What runs in a state directory, or `undefined`. */
export function runningState(stateDir?: string): SupervisorState | undefined;
/** The same as `bin.mjs up` and `down`. */
export function up(
  options?: Pick<StartOptions, 'only' | 'standalone' | 'stateDir'>,
): Promise<SupervisorState>;
export function down(options?: { stateDir?: string; timeoutMs?: number }): Promise<boolean>;
