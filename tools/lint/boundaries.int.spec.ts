import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

interface Case {
  path: string;
  code?: string;
  only?: 'type' | 'scope';
}
const rule = '@nx/enforce-module-boundaries';
const importOf = (name: string) => `import * as it from '${name}';\nexport { it };\n`;
const as = (path: string, name: string, only?: Case['only']): Case => ({
  path,
  code: importOf(name),
  ...(only ? { only } : {}),
});

const forbidden: [string, Case, string][] = [
  ['a service that uses another, by type', as('apps/gateway/src/x.ts', '@millrace/registry', 'type'), rule],
  ['a service that uses another, by scope', as('apps/gateway/src/x.ts', '@millrace/registry', 'scope'), rule],
  ['a lib that uses a service', as('libs/messaging/src/x.ts', '@millrace/registry', 'type'), rule],
  [
    'a shared lib that uses what is a service’s own',
    as('libs/messaging/src/x.ts', '@millrace/registry', 'scope'),
    rule,
  ],
  ['contracts that know the broker', as('libs/contracts/src/x.ts', '@nats-io/transport-node'), rule],
  ['contracts that use another lib', as('libs/contracts/src/x.ts', '@millrace/messaging'), rule],
  ['pure ML that uses a framework', as('libs/ml/src/x.ts', '@nestjs/common'), rule],
  ['a platform lib that brings ONNX Runtime along', as('libs/service/src/x.ts', 'onnxruntime-node'), rule],
  ['an engine that knows the broker', as('libs/data/src/x.ts', '@nats-io/transport-node'), rule],
  ['a relative way around', as('apps/gateway/src/x.ts', '../../registry/src/service.js'), rule],
  ['a cycle', { path: 'tools/lint/__fixtures__/cycle/a.ts' }, 'import-x/no-cycle'],
  [
    'a service that reads its environment by itself',
    { path: 'apps/registry/src/x.ts', code: 'export const url = process.env["DATABASE_URL"];\n' },
    'no-restricted-properties',
  ],
  [
    'any',
    { path: 'libs/service/src/x.ts', code: 'export const x = (y: any) => y;\n' },
    '@typescript-eslint/no-explicit-any',
  ],
];

const allowed: [string, Case][] = [
  ['a service on shared libs', as('apps/registry/src/x.ts', '@millrace/messaging')],
  ['the composition of services', as('apps/standalone/src/x.ts', '@millrace/registry')],
  ['an engine on pure ML', as('libs/onnx/src/x.ts', '@millrace/ml')],
];

describe('the boundaries between projects', () => {
  let found: { rule: string; message: string }[][];

  beforeAll(() => {
    const options = { cwd: root, encoding: 'utf8' as const, maxBuffer: 1e8, stdio: 'pipe' as const };
    const env = { ...process.env, NX_DAEMON: 'false' };
    // The rule reads the project graph that Nx keeps, and is silent without one.
    execFileSync(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'show', 'projects'], {
      ...options,
      env,
    });
    const input = JSON.stringify([...forbidden, ...allowed].map(([, one]) => one));
    const script = join(import.meta.dirname, '__fixtures__/lint-all.mjs');
    found = JSON.parse(execFileSync(process.execPath, [script], { ...options, env, input })) as typeof found;
  }, 120_000);

  it.each(forbidden.map(([what, , expected], index) => ({ what, expected, index })))(
    'refuse $what',
    ({ expected, index }) => {
      expect(found[index]!.map((each) => each.rule)).toContain(expected);
    },
  );

  it.each(allowed.map(([what], index) => ({ what, index: forbidden.length + index })))(
    'allow $what',
    ({ index }) => {
      expect(found[index]).toEqual([]);
    },
  );
});
