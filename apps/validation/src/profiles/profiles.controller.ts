import { profileGet, ProfileRequest, type ProfileView } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { ProfilesService } from './profiles.service.js';

@Controller()
export class ProfilesController {
  constructor(private readonly profiles: ProfilesService) {}

  @Handle(profileGet)
  get(request: ProfileRequest): Promise<ProfileView> {
    return this.profiles.get(request);
  }
}
