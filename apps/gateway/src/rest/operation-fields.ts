import type { Dto } from '@millrace/contracts';
import { getMetadataStorage } from 'class-validator';

/** Whether a DTO has this field. */
export const hasField = (dto: Dto, field: string): boolean =>
  getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .some(({ propertyName }) => propertyName === field);
