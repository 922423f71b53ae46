// Loaded into every service before its own code.
import * as nodeModule from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Stack traces in terms of our TypeScript; the maps of packages would only take memory (Node 22.14 and later can leave them out).
nodeModule.setSourceMapsSupport?.({ enabled: true, nodeModules: false, generatedCode: false });

// Standard input is a pipe that only the supervisor holds open: when it ends, the supervisor is gone, and so this process goes
// too, in an orderly way. Not for workers, nor for what a service itself starts.
if (isMainThread && process.env.MILLRACE_SUPERVISOR_PID === String(process.ppid)) {
  const leave = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 15_000).unref();
  };
  process.stdin.once('end', leave).once('error', leave).resume();
  process.stdin.unref();
}
