import { Module } from '@nestjs/common';
import { Announcer } from '../announcer.js';
import { RegisterController } from './register.controller.js';
import { RegisterService } from './register.service.js';

@Module({
  controllers: [RegisterController],
  providers: [RegisterService, Announcer],
  exports: [RegisterService],
})
export class RegisterModule {}
