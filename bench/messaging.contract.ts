import { defineOperation } from '@millrace/contracts';
import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';

/** As an operation of the registry has it. */
export class Selector {
  @Matches(/^[a-z][a-z0-9-]{0,62}$/) name: string;
  @IsOptional() @IsInt() @Min(1) version?: number;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(64) alias?: string;
}

export const prefix = 'bench.v1';
export const echo = defineOperation({
  service: 'bench',
  name: 'body.echo',
  summary: 'Gives the body back',
  request: Selector,
  response: Selector,
});
export const bareSubject = 'bench.bare';
export const rawSubject = 'bench.raw';
export const dynamicSubject = 'bench.dynamic';
