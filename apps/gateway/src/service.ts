import { defineService } from '@millrace/service';
import { AppModule } from './app.module.js';
import { GatewayEnv } from './config/gateway.env.js';
import { httpAdapter } from './http/http-adapter.js';
import { securityHeaders } from './http/security-headers.js';
import { version } from './version.js';

export const gatewayService = defineService({
  name: 'gateway',
  version,
  description: 'The edge: REST, Open Inference Protocol v2, event streams and limits over HTTP',
  env: GatewayEnv,
  module: () => AppModule,
  jetstream: false,
  http: {
    adapter: httpAdapter,
    host: (env) => env.HTTP_HOST,
    port: (env) => env.HTTP_PORT,
    configure: (app) => {
      app.useSecurityHeaders(securityHeaders);
      app.enableCsrfProtection();
    },
  },
});
