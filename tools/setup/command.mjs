import { spawn } from 'node:child_process';

/** A command that failed: its whole output is the explanation. */
export class CommandFailed extends Error {
  constructor(command, args, how, output) {
    super(`${[command, ...args].join(' ')} ${how}\n${output.trimEnd()}`);
    this.name = 'CommandFailed';
    this.output = output;
  }
}

/**
 * Runs a command to its end without showing what it prints.
 * @returns {Promise<string>} what it printed
 * @throws CommandFailed with all of it
 */
export const run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const keep = (chunk) => (output += chunk);
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.once('error', (error) =>
      reject(new CommandFailed(command, args, `could not be started: ${error.message}`, output)),
    );
    child.once('close', (code, signal) =>
      code === 0
        ? resolve(output)
        : reject(new CommandFailed(command, args, `ended with ${signal ?? `exit code ${code}`}`, output)),
    );
  });

/** How to run npm: the one that runs us, if one does. */
export const npmCommand = (env = process.env) =>
  env.npm_execpath?.endsWith('npm-cli.js')
    ? [process.execPath, env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
