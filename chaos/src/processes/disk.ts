import { execFile, execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { cp, mkdir, rename, rmdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const roomMiB = 2_048;
const mounted = new Set<Disk>();

/** A file system in memory, of its own, that can be made full at any moment. */
export class Disk implements AsyncDisposable {
  private constructor(
    readonly path: string,
    private readonly kept: boolean,
  ) {}

  /**
   * @param o.kept whether what is on it stays where it was
   * @returns `undefined` where that is not allowed; the directory is there all the same
   */
  static async mount(path: string, o: { kept?: boolean } = {}): Promise<Disk | undefined> {
    await mkdir(path, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${roomMiB}m,mode=0755`, 'millrace-chaos', path]);
    } catch {
      return undefined;
    }
    const disk = new Disk(path, o.kept ?? false);
    mounted.add(disk);
    return disk;
  }

  /** There is room for so many bytes more, and then there is none. */
  async fill(bytes: number): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        const { blocks, bfree, bsize } = await statfs(this.path);
        return await this.#resize(String((blocks - bfree) * bsize + bytes));
      } catch (error) {
        // Somebody wrote meanwhile, and it can't be smaller than what it holds.
        if (tries === 20) throw error;
      }
  }

  free(): Promise<void> {
    return this.#resize(`${roomMiB}m`);
  }

  async #resize(size: string): Promise<void> {
    await run('mount', ['-o', `remount,size=${size}`, this.path]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const copy = `${this.path}.kept`;
    if (this.kept) await cp(this.path, copy, { recursive: true });
    await run('umount', [this.path]);
    mounted.delete(this);
    if (!this.kept) return;
    await rmdir(this.path);
    await rename(copy, this.path);
  }

  /** At once, whoever still uses it. */
  abandon(): void {
    if (this.kept) cpSync(this.path, `${this.path}.kept`, { recursive: true });
    execFileSync('umount', ['-l', this.path], { stdio: 'ignore' });
  }
}

// A driver that is ended from outside leaves no file systems behind, and what was on them.
process.once('exit', () => mounted.forEach((disk) => disk.abandon()));
