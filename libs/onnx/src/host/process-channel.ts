import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostChannel, HostListener, HostReply } from './channel.js';

const hostFile = fileURLToPath(new URL('./host.js', import.meta.url));

/** What Node and the runtime take themselves before there is a model, in MiB. */
const baseMb = 192;

/**
 * The kernel holds the limit, of data and not of addresses, since V8 reserves far more of these than it uses: an
 * allocation beyond it fails, and the run with it. A shell sets it, because Node cannot.
 */
const commandWith = (memoryMb: number): [string, string[]] => {
  const host = [process.execPath, hostFile];
  if (process.platform !== 'linux') return [host[0]!, [host[1]!]];
  const limited = `ulimit -d ${(memoryMb + baseMb) * 1024} && exec "$0" "$@"`;
  return ['/bin/sh', ['-c', limited, ...host]];
};

/** @param memoryMb Of the model, in MiB. Held on Linux. */
export const openProcess = (memoryMb: number, listener: HostListener): HostChannel => {
  const [command, args] = commandWith(memoryMb);
  const child = spawn(command, args, {
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (reply) => listener.reply(reply as HostReply));
  child.on('error', (error) => listener.ended(error.message));
  child.on('exit', (code, signal) => listener.ended(signal ?? `exit code ${code}`));
  return {
    pid: child.pid,
    // What cannot be sent any more is heard of by its end.
    post: (message) => child.send(message, () => {}),
    hold: () => {
      child.ref();
      child.channel?.ref();
    },
    rest: () => {
      child.unref();
      child.channel?.unref();
    },
    end: () => child.kill('SIGKILL'),
  };
};
