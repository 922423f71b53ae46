import type { ColumnSketchJson, QuantileSketchJson } from '@millrace/ml';
import { jsonColumn, timestampColumn } from '@millrace/persistence';
import { Entity, PrimaryColumn } from 'typeorm';

/** What one version predicted under one endpoint in one minute, over all replicas. Sketches as they merge. */
@Entity('prediction_window')
export class Window {
  @PrimaryColumn('text') endpoint: string;
  @PrimaryColumn('text') model: string;
  @PrimaryColumn('integer') version: number;
  /** A whole minute. */
  @PrimaryColumn('bigint', { name: 'starts_at', transformer: { to: Number, from: Number } }) startsAt: number;
  @timestampColumn() requests: number;
  @timestampColumn() rows: number;
  @timestampColumn() errors: number;
  @jsonColumn() latency: QuantileSketchJson;
  @jsonColumn() sketches: Record<string, ColumnSketchJson>;
}
