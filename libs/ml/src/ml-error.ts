/** What can be wrong with data, options or shapes. Stable strings: callers match by them. */
export type MlErrorCode =
  | 'no_rows'
  | 'unknown_column'
  | 'column_type'
  | 'no_values'
  | 'invalid_spec'
  | 'invalid_option'
  | 'missing_label'
  | 'unknown_class'
  | 'single_class'
  | 'too_many_classes'
  | 'not_finite'
  | 'dimension_mismatch'
  | 'too_many_features'
  | 'aborted';

/** Where the mistake is, as far as it is known. `row` counts from 0. */
export interface MlErrorDetails {
  column?: string;
  row?: number;
}

/** The only error that this library throws on purpose. */
export class MlError extends Error {
  constructor(
    readonly code: MlErrorCode,
    message: string,
    readonly details: MlErrorDetails = {},
  ) {
    super(message);
    this.name = 'MlError';
  }
}
