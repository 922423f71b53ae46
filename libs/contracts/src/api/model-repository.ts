import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';

export const modelStates = ['READY', 'LOADING', 'UNAVAILABLE'] as const;
export type ModelState = (typeof modelStates)[number];

export class RepositoryQuery {
  /** Only what is ready. */
  @IsOptional() @IsBoolean() ready?: boolean;
}

/** One version of an endpoint, as the model repository extension says it. */
export class RepositoryModel {
  @IsString() name: string;
  @IsString() version: string;
  @IsIn(modelStates) state: ModelState;
  /** Why it is not ready; empty when it is. */
  @IsString() reason: string;
}

export class RepositoryIndex {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RepositoryModel) models: RepositoryModel[];
}

const better = (a: RepositoryModel, b: RepositoryModel): RepositoryModel =>
  modelStates.indexOf(b.state) < modelStates.indexOf(a.state) ? b : a;

/** What there is on all replicas together, by name and version: a model is as ready as it is anywhere. */
export const mergeIndexes = (replicas: readonly RepositoryIndex[]): RepositoryIndex => {
  const merged = new Map<string, RepositoryModel>();
  for (const { models } of replicas)
    for (const model of models) {
      const key = `${model.name}/${model.version}`;
      const known = merged.get(key);
      merged.set(key, known ? better(known, model) : model);
    }
  const models = [...merged.values()].sort((a, b) =>
    a.name === b.name ? Number(a.version) - Number(b.version) : a.name < b.name ? -1 : 1,
  );
  return { models };
};
