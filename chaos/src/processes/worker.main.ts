import { ComponentModule, TASK_POINTS, type TaskPoints } from '@millrace/component';
import { ArtifactsEnv, ArtifactsModule, defineService, runService } from '@millrace/service';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Add, crash, Deadly, Flaky, Narrow, Picky, Poison, Read, Slow, Write } from './components.js';

const points: TaskPoints = { reached: (point) => crash(point) };

@Global()
@Module({ providers: [{ provide: TASK_POINTS, useValue: points }], exports: [TASK_POINTS] })
class PointsModule {}

@Module({})
class ChaosModule {
  static of({ ARTIFACTS_URL }: ArtifactsEnv): DynamicModule {
    // What kills its process has one for itself, as each service has.
    const components =
      process.env['CHAOS_DEADLY'] === undefined
        ? [Add, Slow, Narrow, Flaky, Picky, Poison, Write, Read]
        : [Deadly];
    return {
      module: ChaosModule,
      imports: [
        PointsModule,
        ArtifactsModule.forRoot(ARTIFACTS_URL),
        ComponentModule.forFeature(components, { concurrency: 4 }),
      ],
    };
  }
}

/** A worker that may be told to die at a point. */
await runService(
  defineService({
    name: process.env['CHAOS_DEADLY'] === undefined ? 'chaos' : 'chaos-deadly',
    version: '1.0.0',
    description: 'Components for fault tests.',
    env: ArtifactsEnv,
    module: (env) => ChaosModule.of(env),
  }),
);
