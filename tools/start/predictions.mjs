import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run } from '../setup/command.mjs';
import { bold, dim, print } from '../setup/terminal.mjs';

/**
 * One prediction on each road, from the sample requests beside the pipeline. What is shown is what is run.
 * @returns {Promise<boolean>} whether both answered
 */
export const showPredictions = async ({ root, pipelineFile, endpoint, natsUrl, gatewayUrl }) => {
  const rows = join(dirname(pipelineFile), 'request.json');
  const tensors = join(dirname(pipelineFile), 'request.oip.json');
  if (!existsSync(rows) || !existsSync(tensors)) {
    print(dim(`no ${relative(root, rows)} and request.oip.json: no sample prediction`));
    return true;
  }
  const script = join(root, 'examples', 'predict.mjs');
  print();
  print(bold('One prediction by NATS request-reply, with nothing of ours:'));
  const body = readFileSync(script, 'utf8').trim().split('\n');
  body.filter(Boolean).forEach((line) => print(dim(`  ${line}`)));
  const from = (path) => relative(root, path);
  const subject = `millrace.v1.infer.${endpoint}.rows`;
  print(`  $ node ${from(script)} ${natsUrl} ${subject} "$(cat ${from(rows)})"`);
  const answer = await run(process.execPath, [script, natsUrl, subject, readFileSync(rows, 'utf8')], {
    cwd: root,
  });
  print(indent(answer));

  print();
  print(bold('The same by HTTP (Open Inference Protocol):'));
  const url = `${gatewayUrl}/v2/models/${endpoint}/infer`;
  print(`  $ curl -d @${from(tensors)} ${url}`);
  const response = await fetch(url, {
    method: 'POST',
    body: readFileSync(tensors),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  print(indent(text));
  return response.ok && !JSON.parse(answer).code;
};

const indent = (text) => text.trimEnd().replaceAll(/^/gm, '  ');
