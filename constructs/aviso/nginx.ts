import { nginx } from "../cluster/nginx";
import { lines } from "../hosts/lines";
import { avisoName, files, natsName, ports } from "./places";

/** How often aviso-server says to who listens that it is alive, in seconds; its own default. */
const heartbeat = 30;

const natsAddress = `${natsName}.${avisoName}.svc.cluster.local`;

const shown = (port: number): readonly string[] => [`    listen ${port} ssl;`, ...nginx.shown];

/**
 * Speaks TLS for aviso-server, which does not: to who listens, and to NATS. What is told goes on at once, and who listens waits as long as
 * aviso-server says that it is alive.
 * @see aviso-server, docs/src/configuration-reference.md: watch_endpoint
 */
export const besideAviso = (): string =>
  lines(
    "# speaks TLS for aviso-server",
    ...nginx.common,
    "http {",
    // aviso-server tells of each request, and whose it is.
    "  access_log off;",
    ...nginx.folders,
    "  server_tokens off;",
    nginx.certificateIn(files.tls),
    "  server {",
    ...shown(ports.tls),
    "    client_max_body_size 1m;",
    "    location / {",
    `      proxy_pass http://127.0.0.1:${ports.http};`,
    "      proxy_http_version 1.1;",
    '      proxy_set_header Connection "";',
    "      proxy_set_header Host $host;",
    "      proxy_set_header X-Forwarded-For $remote_addr;",
    "      proxy_set_header X-Forwarded-Proto https;",
    "      proxy_buffering off;",
    `      proxy_read_timeout ${3 * heartbeat}s;`,
    "    }",
    "  }",
    "}",
    "stream {",
    "  server {",
    `    listen 127.0.0.1:${ports.nats};`,
    `    proxy_pass ${natsAddress}:${ports.nats};`,
    "    proxy_connect_timeout 5s;",
    "    proxy_timeout 1h;",
    "    proxy_ssl on;",
    `    proxy_ssl_name ${natsAddress};`,
    "    proxy_ssl_server_name on;",
    // Connections last, so that each may be asked anew who is at its end.
    "    proxy_ssl_session_reuse off;",
    "    proxy_ssl_verify on;",
    "    proxy_ssl_verify_depth 3;",
    `    proxy_ssl_trusted_certificate ${files.root};`,
    "  }",
    "}",
  );

/** Ends TLS before NATS, which would read another certificate only if somebody told it. */
export const besideNats = (): string =>
  lines(
    "# ends TLS before NATS",
    ...nginx.common,
    "stream {",
    nginx.certificateIn(files.tls),
    "  server {",
    ...shown(ports.nats),
    `    proxy_pass 127.0.0.1:${ports.natsInside};`,
    "    proxy_connect_timeout 5s;",
    "    proxy_timeout 1h;",
    "  }",
    "}",
  );
