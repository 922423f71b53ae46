import {
  Empty,
  endpointGet,
  endpointList,
  EndpointName,
  type Endpoints,
  type EndpointView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { EndpointsService } from './endpoints.service.js';

@Controller()
export class EndpointsController {
  constructor(private readonly endpoints: EndpointsService) {}

  @Handle(endpointList)
  list(_: Empty): Promise<Endpoints> {
    return this.endpoints.list();
  }

  @Handle(endpointGet)
  get(name: EndpointName): Promise<EndpointView> {
    return this.endpoints.get(name);
  }
}
