import type { WindowQuery, Windows } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { toView } from './to-view.js';
import { Window } from './window.entity.js';

const defaultLimit = 60;

@Injectable()
export class WindowsService {
  constructor(@InjectRepository(Window) private readonly windows: Repository<Window>) {}

  /** Newest first. An endpoint that nobody asked anything yet has none. */
  async list({ endpoint, limit = defaultLimit }: WindowQuery): Promise<Windows> {
    const found = await this.windows.find({
      where: { endpoint },
      order: { startsAt: 'DESC', version: 'DESC', model: 'ASC' },
      take: limit,
    });
    return { items: found.map(toView) };
  }
}
