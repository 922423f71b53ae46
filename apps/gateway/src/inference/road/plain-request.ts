import type { IncomingMessage } from 'node:http';
import type { Asked } from '../predictions.js';

const path = /^\/v2\/models\/([^/?#%]+)(?:\/versions\/([^/?#%]+))?\/infer$/;

/** Sent by browsers, or by whoever wants more of HTTP than a body for a body. */
const special = ['origin', 'sec-fetch-site', 'expect', 'transfer-encoding', 'upgrade'];

/** A request for a prediction as programs send it. */
export interface PlainRequest extends Asked {
  /** Bytes. */
  length: number;
}

/** Undefined for all others. */
export const plainRequest = ({
  method,
  url,
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): PlainRequest | undefined => {
  if (method !== 'POST' || url === undefined) return undefined;
  const found = path.exec(url);
  if (!found || special.some((name) => headers[name] !== undefined)) return undefined;
  const length = headers['content-length'];
  if (length === undefined || !/^\d{1,15}$/.test(length)) return undefined;
  return { endpoint: found[1]!, version: found[2], length: Number(length) };
};

/** As the routes of all others are declared. */
export const routeOf = ({ version }: Asked): string =>
  version === undefined ? '/v2/models/:model/infer' : '/v2/models/:model/versions/:version/infer';
