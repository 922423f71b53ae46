import { Module } from '@nestjs/common';
import { WindowCollector } from './window-collector.js';
import { WindowRetention } from './window-retention.js';
import { WindowStore } from './window-store.js';
import { WindowsController } from './windows.controller.js';
import { WindowsService } from './windows.service.js';

@Module({
  controllers: [WindowsController],
  providers: [WindowsService, WindowStore, WindowCollector, WindowRetention],
})
export class WindowsModule {}
