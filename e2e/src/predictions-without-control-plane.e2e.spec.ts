import { connect } from '@nats-io/transport-node';
import { examplePipeline, startMillrace } from './support/millrace.js';

const penguin = {
  island: 'Torgersen',
  beak_length: 39.1,
  beak_depth: 18.7,
  flipper_length: 181,
  body_mass: 3750,
  sex: 'MALE',
};

it('goes on predicting when everything but NATS and inference is dead, and after inference itself was killed', async () => {
  await using millrace = await startMillrace({ autoRestart: false });
  const { run } = await millrace.start(await examplePipeline('penguins'));
  expect(await millrace.ended(run)).toMatchObject({ status: 'succeeded' });

  const nc = await connect({ servers: millrace.supervisor.natsUrl });
  const predict = async () =>
    (
      await nc.request('millrace.v1.infer.penguin-species.rows', JSON.stringify({ rows: [penguin] }), {
        timeout: 5_000,
      })
    ).json();
  const before = await predict();
  expect(before).toMatchObject({
    model_name: 'penguin-species',
    predictions: [{ label: expect.anything() }],
  });

  const dead = [...millrace.supervisor.services.values()].filter((s) => s.name !== 'inference');
  await Promise.all(dead.map((s) => s.kill('SIGKILL')));
  expect(await predict()).toEqual(before);

  await millrace.supervisor.services.get('inference')?.restart();
  expect(await predict()).toEqual(before);
  await nc.close();
});
