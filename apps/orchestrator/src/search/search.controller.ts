import {
  EventSearch,
  eventSearch,
  RunSearch,
  runSearch,
  StepSearch,
  stepSearch,
  type FoundEvents,
  type FoundRuns,
  type FoundSteps,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { SearchService } from './search.service.js';

@Controller()
export class SearchController {
  constructor(private readonly search: SearchService) {}

  @Handle(runSearch)
  runs(search: RunSearch): Promise<FoundRuns> {
    return this.search.runs(search);
  }

  @Handle(stepSearch)
  steps(search: StepSearch): Promise<FoundSteps> {
    return this.search.steps(search);
  }

  @Handle(eventSearch)
  events(search: EventSearch): Promise<FoundEvents> {
    return this.search.events(search);
  }
}
