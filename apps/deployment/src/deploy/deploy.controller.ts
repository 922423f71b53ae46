import {
  DeployRequest,
  endpointDeploy,
  EndpointName,
  endpointRemove,
  type EndpointView,
} from '@millrace/contracts';
import { Handle, type RequestContext } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { DeployService } from './deploy.service.js';

@Controller()
export class DeployController {
  constructor(private readonly deployments: DeployService) {}

  @Handle(endpointDeploy)
  deploy(request: DeployRequest, context: RequestContext): Promise<EndpointView> {
    return this.deployments.deploy(request, context);
  }

  @Handle(endpointRemove)
  remove(endpoint: EndpointName): Promise<EndpointView> {
    return this.deployments.remove(endpoint);
  }
}
