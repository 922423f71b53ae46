import { windowList, WindowQuery, type Windows } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { Controller } from '@nestjs/common';
import { WindowsService } from './windows.service.js';

@Controller()
export class WindowsController {
  constructor(private readonly windows: WindowsService) {}

  @Handle(windowList)
  list(query: WindowQuery): Promise<Windows> {
    return this.windows.list(query);
  }
}
