export const digests: Record<string, [name: string, sha256: string]>;

export function fromRelease(options: {
  stateDir: string;
  say: (line: string) => void;
  platform?: string;
  base?: string;
  answerWithinMs?: number;
}): Promise<{ binary: string; version: string }>;

export function fileInTar(tar: Buffer, ending: string): Buffer;
