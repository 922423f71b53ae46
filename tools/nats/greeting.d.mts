export function greetingOf(
  url: string,
  timeoutMs: number,
): Promise<{ version: string; jetstream?: boolean; max_payload: number }>;
