import { Metadata, type StatusObject } from '@grpc/grpc-js';
import { errorCodes, type DomainError } from '@millrace/contracts';
import { detailOf } from '../http/problem-details.js';

/** Trailers of a failed call: our code, which says more than gRPC's, and whether the same request may succeed later. */
export const trailerNames = { code: 'millrace-code', retryable: 'millrace-retryable' } as const;

/** Clients take no more than 8 KiB of trailers. */
const mostBytes = 4_000;

/** An error as a gRPC status, by the one table of codes. */
export const toStatus = (error: DomainError): StatusObject => {
  const metadata = new Metadata();
  metadata.set(trailerNames.code, error.code);
  metadata.set(trailerNames.retryable, String(error.retryable));
  return { code: errorCodes[error.code].grpc, details: fitting(detailOf(error)), metadata };
};

/** It travels percent-encoded. */
const fitting = (text: string): string => {
  let fits = text.slice(0, mostBytes).toWellFormed();
  while (encodeURI(fits).length > mostBytes) fits = fits.slice(0, fits.length >> 1).toWellFormed();
  return fits;
};
