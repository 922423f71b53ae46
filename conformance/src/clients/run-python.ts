import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const scripts = join(import.meta.dirname, '../../clients');

/**
 * The Python that the tests of real clients run with: the setting `MILLRACE_TEST_PYTHON`, else `python3`.
 * @returns why it cannot be used, where it cannot
 */
export const findPython = (
  module: string,
): { python: string; lacks?: undefined } | { python?: undefined; lacks: string } => {
  const python = process.env['MILLRACE_TEST_PYTHON'] ?? 'python3';
  const { status, stderr, error } = spawnSync(python, ['-c', `import ${module}`], { encoding: 'utf8' });
  if (status === 0) return { python };
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  return { lacks: `MILLRACE_TEST_PYTHON (${python}) has no ${module}: ${reason}` };
};

export interface Check {
  check: string;
  ok: boolean;
  error?: string;
}

/** What a script of `clients/` found. @throws when it ended before its last check */
export const runChecks = async (python: string, script: string, ...args: string[]): Promise<Check[]> => {
  const child = spawn(python, [join(scripts, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-4_000)));
  const checks: Check[] = [];
  let done = -1;
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as Check | { done: number };
    if ('done' in said) done = said.done;
    else checks.push(said);
  }
  if (done !== checks.length) throw new Error(`${script} ended early: ${complaint}`);
  return checks;
};
