export interface NatsOptions {
  stateDir: string;
  env?: Record<string, string | undefined>;
  say?: (line: string) => void;
  only?: string[];
}

export function locateNats(
  options: NatsOptions,
): Promise<{ how: string; version: string; url?: string; binary?: string }>;
