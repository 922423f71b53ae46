import { Controller, Module } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { defineOperation } from '@millrace/contracts';
import { Handle } from '@millrace/messaging';
import { BaseEnv, defineService } from '../index.js';

export class Sum {
  @IsInt() a: number;
  @IsInt() b: number;
}

export class Result {
  @IsInt() sum: number;
}

export const add = (service: string) =>
  defineOperation({ service, name: 'number.add', summary: 'Adds', request: Sum, response: Result });

export class CounterEnv extends BaseEnv {
  @IsInt() OFFSET = 0;
}

/** A small service; two of them under two names share a process in the tests. */
export const counterService = (name = 'counter') =>
  defineService({
    name,
    version: '1.2.3',
    description: 'Adds numbers',
    env: CounterEnv,
    module: (env) => {
      @Controller()
      class SumController {
        @Handle(add(name))
        add({ a, b }: Sum): Result {
          return { sum: a + b + env.OFFSET };
        }
      }
      @Module({ controllers: [SumController] })
      class CounterModule {}
      return CounterModule;
    },
  });
