import type { SecurityHeadersOptions } from '@nestjs/common';

/** For an API: nothing it answers is a page, save the documentation, which says so itself. */
export const securityHeaders: SecurityHeadersOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: "'none'", frameAncestors: "'none'" },
  },
  // TLS is the business of whoever puts one in front.
  strictTransportSecurity: false,
};
