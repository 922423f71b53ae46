import { readCliEnv } from './config/cli.env.js';
import { runCli } from './run-cli.js';

// Whoever reads us, such as `head`, may stop before we do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), readCliEnv(), process);
