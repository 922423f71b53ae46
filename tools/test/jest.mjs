import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * All projects in two runs: first what shares the machine well, then, alone, what starts all of Millrace and looks at times.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, broken: { file: string, reason: string }[] }>}
 */
export const runJest = async ({ root, out, env, args }) => {
  const runs = [
    ['--ignoreProjects', 'e2e', 'chaos', '--maxWorkers=2', ...args],
    ['--selectProjects', 'e2e', 'chaos', '--runInBand', '--testTimeout=240000', ...args],
  ];
  const total = { passed: 0, failed: 0, skipped: 0, broken: [] };
  for (const [index, one] of runs.entries()) {
    const file = join(out, `jest-${index}.json`);
    rmSync(file, { force: true });
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const flags = [
      '--experimental-vm-modules',
      '--no-warnings',
      jest,
      '--passWithNoTests',
      // What a failed test left open must not hold up the answer.
      '--forceExit',
      '--json',
      '--outputFile',
      file,
    ];
    // With --json the results go to standard output as well, where nobody wants them.
    const child = spawn(process.execPath, [...flags, ...one], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (existsSync(file)) add(total, JSON.parse(readFileSync(file, 'utf8')), root);
    else if (code !== 0) total.broken.push({ file: 'jest', reason: `ended with ${code} and no results` });
  }
  return total;
};

const add = (total, results, root) => {
  total.passed += results.numPassedTests;
  total.failed += results.numFailedTests;
  total.skipped += results.numPendingTests + results.numTodoTests;
  for (const { name, message, status, assertionResults } of results.testResults)
    if (status === 'failed' && assertionResults.every((test) => test.status !== 'failed'))
      total.broken.push({ file: relative(root, name), reason: message });
};
