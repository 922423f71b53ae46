import { endpointLoad, EndpointName, endpointUnload, type EndpointView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { LoadingService } from './loading.service.js';

@Controller()
export class LoadingController {
  constructor(private readonly loading: LoadingService) {}

  @Handle(endpointLoad)
  load(name: EndpointName): Promise<EndpointView> {
    return this.loading.load(name);
  }

  @Handle(endpointUnload)
  unload(name: EndpointName): Promise<EndpointView> {
    return this.loading.unload(name);
  }
}
