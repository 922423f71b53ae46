import { Module, type DynamicModule } from '@nestjs/common';
import { SCORE_SETTINGS, type ScoreSettings } from './score-settings.js';

@Module({})
export class ScoreModule {
  static forRoot(settings: ScoreSettings): DynamicModule {
    return {
      module: ScoreModule,
      providers: [{ provide: SCORE_SETTINGS, useValue: settings }],
      exports: [SCORE_SETTINGS],
    };
  }
}
