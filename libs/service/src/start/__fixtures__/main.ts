import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Empty, defineOperation } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { BaseEnv, defineService, runService } from '../../index.js';
import { IsBoolean, IsInt } from 'class-validator';

class StubbornEnv extends BaseEnv {
  /** How long an answer takes. */
  @IsInt() WORK_MS = 0;
  @IsBoolean() HANG = false;
}

const work = defineOperation({ service: 'stubborn', name: 'work.do', summary: 'Works', request: Empty, response: Empty });
const crash = defineOperation({ service: 'stubborn', name: 'work.crash', summary: 'Crashes', request: Empty, response: Empty });

await runService(
  defineService({
    name: 'stubborn',
    version: '0.0.1',
    description: 'Takes its time',
    env: StubbornEnv,
    jetstream: false,
    module: (env) => {
      @Controller()
      class WorkController implements BeforeApplicationShutdown {
        @Handle(work)
        async work(): Promise<Empty> {
          process.stderr.write('working\n');
          await wait(env.WORK_MS);
          return { done: true };
        }

        @Handle(crash)
        crash(): Empty {
          setImmediate(() => void Promise.reject(new Error('nobody caught me')));
          return {};
        }

        beforeApplicationShutdown(): Promise<void> | void {
          if (env.HANG) return new Promise(() => undefined);
        }
      }
      @Module({ controllers: [WorkController] })
      class WorkModule {}
      return WorkModule;
    },
  }),
);
