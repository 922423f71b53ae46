import { stat } from 'node:fs/promises';
import type { ArtifactRef } from '@millrace/contracts';
import { digestOfFile } from '../digest.js';

const maxRemembered = 10_000;

/** Remembers which files were hashed and found right, for as long as their size, time of change and inode stay. */
export class VerifiedFiles {
  private readonly seen = new Map<string, string>();
  private readonly checking = new Map<string, Promise<boolean>>();

  constructor(private readonly hash: typeof digestOfFile = digestOfFile) {}

  /** Rejects with the file system's error where there is no such file. */
  async isIntact(path: string, ref: ArtifactRef): Promise<boolean> {
    const print = await fingerprint(path);
    if (print.size !== ref.size) return false;
    if (this.seen.get(path) === print.text) return true;
    // Callers who come while a large file is being hashed wait for that one result.
    const check = this.checking.get(path) ?? this.check(path, print.text, ref.digest);
    this.checking.set(path, check);
    return check;
  }

  /** For a file that was just written and hashed on the way. */
  async trust(path: string, ref: ArtifactRef): Promise<void> {
    const print = await fingerprint(path);
    if (print.size === ref.size) this.remember(path, print.text);
  }

  private async check(path: string, print: string, expected: string): Promise<boolean> {
    try {
      const { digest } = await this.hash(path);
      if (digest === expected) this.remember(path, print);
      return digest === expected;
    } finally {
      this.checking.delete(path);
    }
  }

  private remember(path: string, print: string): void {
    this.seen.delete(path);
    this.seen.set(path, print);
    const oldest = this.seen.size > maxRemembered ? this.seen.keys().next().value : undefined;
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}

const fingerprint = async (path: string): Promise<{ size: number; text: string }> => {
  const { size, mtimeMs, ctimeMs, ino } = await stat(path);
  return { size, text: `${size}:${mtimeMs}:${ctimeMs}:${ino}` };
};
