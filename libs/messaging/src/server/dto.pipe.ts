import type { Dto } from '@millrace/contracts';
import type { PipeTransform } from '@nestjs/common';
import { validateDto } from './validate-dto.js';

/** Checks the body of one operation. */
export class DtoPipe<T extends object> implements PipeTransform<unknown, T> {
  constructor(private readonly dto: Dto<T>) {}

  transform(body: unknown): T {
    return validateDto(this.dto, body);
  }
}
