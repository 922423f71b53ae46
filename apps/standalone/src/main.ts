import { services } from './services.js';
import { startStandalone } from './start-standalone.js';

const standalone = await startStandalone(services, process.env);

let stopping: Promise<void> | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stopping ??= standalone.stop().finally(() => process.exit());
  });
}
