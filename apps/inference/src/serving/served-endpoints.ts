import { Injectable } from '@nestjs/common';
import type { ServedEndpoint } from './served-endpoint.js';

/** What this replica serves, by name. */
@Injectable()
export class ServedEndpoints extends Map<string, ServedEndpoint> {}
