/** What one request may cost before it is refused. */
export interface RequestLimits {
  maxBodyBytes: number;
  maxRows: number;
}
