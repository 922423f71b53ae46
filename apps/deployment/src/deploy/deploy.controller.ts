import {
  DeployRequest,
  endpointDeploy,
  EndpointName,
  endpointRemove,
  type EndpointView,
} from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { DeployService } from './deploy.service.js';

@Controller()
export class DeployController {
  constructor(private readonly deployments: DeployService) {}

  @Handle(endpointDeploy)
  deploy(request: DeployRequest): Promise<EndpointView> {
    return this.deployments.deploy(request);
  }

  @Handle(endpointRemove)
  remove(endpoint: EndpointName): Promise<EndpointView> {
    return this.deployments.remove(endpoint);
  }
}
