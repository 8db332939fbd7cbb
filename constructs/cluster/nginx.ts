/** Lines of a configuration of nginx that runs in a pod, beside what it speaks TLS for, or before it. */
export const nginx = {
  /** Its first; it is nobody's user, and may write to `/tmp` alone. */
  common: [
    "worker_processes 2;",
    "pid /tmp/nginx.pid;",
    "error_log stderr warn;",
    "events { worker_connections 4096; }",
  ],
  /** Where HTTP keeps what it has no memory for. */
  folders: ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `  ${what}_temp_path /tmp/${what};`),
  /** The folder of the certificate that {@link nginx.shown} shows. */
  certificateIn: (folder: string): string => `  map $ssl_server_name $tls { default ${folder}; }`,
  /** A certificate is read at each handshake, since its name is a variable: another one needs no restart. @see nginx, ssl_certificate */
  shown: [
    "    ssl_certificate $tls/tls.crt;",
    "    ssl_certificate_key $tls/tls.key;",
    "    ssl_protocols TLSv1.2 TLSv1.3;",
  ],
} as const;
