import { isMainThread } from 'node:worker_threads';

// Preloaded into every service. Standard input is a pipe that only the supervisor holds open: when it ends, the supervisor is
// gone, and so this process goes too, in an orderly way. Not for workers, nor for what a service itself starts.
if (isMainThread && process.env.MILLRACE_SUPERVISOR_PID === String(process.ppid)) {
  const leave = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 15_000).unref();
  };
  process.stdin.once('end', leave).once('error', leave).resume();
  process.stdin.unref();
}
