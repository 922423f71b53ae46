import { openArtifactStore } from '@millrace/artifacts';
import { runComponent } from '@millrace/component';
import type { ArtifactRef } from '@millrace/contracts';
import { openData } from '@millrace/data';
import { ScoreComponent } from '../score.component.js';

/** A worker that scores one dataset, to be killed: store, directory of journals, rows of a slice, inputs as JSON. */
const [store, directory, sliceRows, inputs] = process.argv.slice(2) as [string, string, string, string];
const component = new ScoreComponent(await openData(), { sliceRows: Number(sliceRows), directory });
await runComponent(component, {
  artifacts: openArtifactStore(store),
  inputs: JSON.parse(inputs) as Record<string, ArtifactRef>,
});
