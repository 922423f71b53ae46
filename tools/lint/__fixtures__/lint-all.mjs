// Lints texts as if they stood at a path: [{ path, code, only? }] from standard input → [[{ rule, message }]] to standard output.
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
import { scopeConstraints, typeConstraints } from '../../../eslint.config.js';

const constraints = { type: typeConstraints, scope: scopeConstraints };
const cases = JSON.parse(readFileSync(0, 'utf8'));
const results = [];
for (const { path, code, only } of cases) {
  const depConstraints = only && [...constraints[only], { sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }];
  const eslint = new ESLint({
    ignore: false,
    overrideConfig: only ? { rules: { '@nx/enforce-module-boundaries': ['error', { depConstraints }] } } : {},
  });
  const [{ messages }] =
    code === undefined ? await eslint.lintFiles([path]) : await eslint.lintText(code, { filePath: path });
  results.push(messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(results));
