import { componentList, type Components } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { Catalogue } from './catalogue.service.js';

@Controller()
export class ComponentController {
  constructor(private readonly catalogue: Catalogue) {}

  @Handle(componentList)
  list(): Components {
    return { items: this.catalogue.sightings.list() };
  }
}
