import { Injectable } from '@nestjs/common';

/** The time of the day, which people and servers set forth and back. */
@Injectable()
export class WallClock {
  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }
}
