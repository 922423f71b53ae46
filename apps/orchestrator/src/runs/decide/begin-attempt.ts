import { beginChild } from './begin-child.js';
import { runsPipeline } from './child-steps.js';
import { askRoom } from './room.js';
import type { Turn } from './turn.js';

/** Another attempt of a step that was ready before. A run of another pipeline is begun anew. */
export const beginAttempt = (turn: Turn, step: number, at: number, attempt: number): void =>
  runsPipeline(turn.planned(step)) ? beginChild(turn, step, at, attempt) : askRoom(turn, step, at);
