import { nginx } from "../cluster/nginx";
import { lines } from "../hosts/lines";
import { downloads, files, metAt, ports, services } from "./places";

/**
 * Ends TLS, which neither the frontend nor BOBS speaks, and tells them apart: results are fetched where BOBS says, and nothing else of
 * it can be asked.
 * @see bobs, docs/src/api-reference.md and chart/templates/ingress.yaml
 * @param at the first line
 */
export const entranceConf = (at: string, address: string): string =>
  lines(
    at,
    ...nginx.common,
    "http {",
    // Who has the address of a result has the result.
    `  map $uri $told { ~^${downloads.path}/ ${downloads.path}/; default $uri; }`,
    `  log_format told escape=json '{"time":"$time_iso8601","status":$status,"method":"$request_method","path":"$told","bytes":$body_bytes_sent,"seconds":$request_time}';`,
    "  access_log /dev/stdout told;",
    ...nginx.folders,
    "  server_tokens off;",
    `  upstream frontend { server ${metAt(services.frontend, ports.frontend)}; keepalive 32; }`,
    `  upstream spool { server ${metAt(services.spool, ports.spool)}; keepalive 32; }`,
    nginx.certificateIn(files.tls),
    "  server {",
    `    listen ${ports.entrance} ssl;`,
    `    server_name ${address};`,
    ...nginx.shown,
    "    client_max_body_size 1m;",
    "    proxy_http_version 1.1;",
    '    proxy_set_header Connection "";',
    "    proxy_set_header Host $host;",
    "    proxy_set_header X-Forwarded-For $remote_addr;",
    "    proxy_set_header X-Forwarded-Proto https;",
    // A request waits for its result, and a result streams as it is made.
    "    proxy_buffering off;",
    "    proxy_read_timeout 600s;",
    "    location / { proxy_pass http://frontend; }",
    `    location ~ ^${downloads.path}/(?:api/v1/read/)?(?<key>[0-9A-Za-z-]+)$ {`,
    `      ${unsaid}`,
    "      limit_except GET { deny all; }",
    "      proxy_set_header Host $host;",
    '      proxy_set_header Connection "";',
    "      proxy_set_header X-Forwarded-For $remote_addr;",
    "      proxy_set_header X-Forwarded-Proto https;",
    `      proxy_set_header X-Forwarded-Prefix ${downloads.path};`,
    // What somebody logs in by is nobody else's.
    '      proxy_set_header Authorization "";',
    "      proxy_pass http://spool/api/v1/read/$key;",
    "    }",
    `    location ${downloads.path}/ { ${unsaid} return 404; }`,
    "  }",
    "}",
  );

/** An error would be told with its request, and so with the key of a result; how each ended is in the other log. */
const unsaid = "error_log stderr emerg;";
