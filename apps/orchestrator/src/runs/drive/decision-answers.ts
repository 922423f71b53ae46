import { Injectable } from '@nestjs/common';
import { StepCache, type CacheAnswer } from '../../cache/step-cache.service.js';
import { ChildStarter } from '../children/child-starter.js';
import type { Answers } from './advance.js';

/** Asks those who know. */
@Injectable()
export class DecisionAnswers implements Answers {
  constructor(
    private readonly cache: StepCache,
    private readonly children: ChildStarter,
  ) {}

  lookUp(keys: string[]): Promise<Map<string, CacheAnswer>> {
    return this.cache.lookUp(keys);
  }

  prepareChild(...ask: Parameters<Answers['prepareChild']>): ReturnType<Answers['prepareChild']> {
    return this.children.prepare(...ask);
  }
}
