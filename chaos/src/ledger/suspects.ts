import { writeFileSync } from 'node:fs';
import { faultKinds, type Findings } from './findings.js';
import type { RunRecord } from './rows.js';

const most = 200;

/** All that was found, and the runs that it was found in, for whoever has to look for the cause when the database is gone. */
export const writeSuspects = (path: string, findings: Findings, runs: readonly RunRecord[]): void => {
  const told = faultKinds.flatMap((kind) => findings[kind]).join('\n');
  if (told === '') return;
  const suspects = runs.filter(({ run }) => told.includes(run)).slice(0, most);
  writeFileSync(path, JSON.stringify({ findings, suspects }, undefined, 1));
};
