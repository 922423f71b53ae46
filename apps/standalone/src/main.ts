import { runProcess } from '@millrace/service';
import { StandaloneEnv } from './config/standalone.env.js';
import { services } from './services.js';
import { startStandalone } from './start-standalone.js';

await runProcess('standalone', StandaloneEnv, (options) => startStandalone(services, options));
