import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, Min, ValidateNested } from 'class-validator';

/** A tensor as Triton's configuration says it: without its first dimension where that is rows. */
export class ConfiguredTensor {
  @IsString() name: string;
  /** `TYPE_FP32`, …; BYTES is `TYPE_STRING`. */
  @IsString() data_type: string;
  /** −1 = variable. */
  @IsArray() @IsInt({ each: true }) dims: number[];
  /** Of a tensor that has rows alone: `dims` may not be empty, so it is `[1]`, and the model sees this shape. */
  @IsOptional() @IsObject() reshape?: { shape: number[] };
}

/** The part of Triton's ModelConfig that is true here. github.com/triton-inference-server/common, model_config.proto */
export class ServedModelConfig {
  @IsString() name: string;
  @IsString() platform: string;
  @IsString() backend: string;
  /** Rows that run together; 0: the model takes none. */
  @IsInt() @Min(0) max_batch_size: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ConfiguredTensor) input: ConfiguredTensor[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ConfiguredTensor) output: ConfiguredTensor[];
  /** Requests that wait for a model run as one batch. */
  @IsOptional() @IsObject() dynamic_batching?: { max_queue_delay_microseconds: number };
}
