import { RegisterVersion, versionRegister, type ModelVersionView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { RegisterService } from './register.service.js';

@Controller()
export class RegisterController {
  constructor(private readonly models: RegisterService) {}

  @Handle(versionRegister)
  register(request: RegisterVersion): Promise<ModelVersionView> {
    return this.models.register(request);
  }
}
