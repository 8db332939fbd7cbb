// How haproxy finds out who can serve.
import { same } from "../clouds.mjs";

/** The backend of Vault at home, before three servers that stand in for its members: one is sealed, one on standby, one active. */
const sealed = `
mkdir -p /tmp/vault
cd /tmp/vault
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out certificate -subj /CN=vault -days 1 2>/dev/null
cat > vault.py <<'E'
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

number = sys.argv[1]


class Vault(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = self.path == "/v1/sys/health"
        self.send_response({"1": 503, "2": 429, "3": 200}[number] if asked else 200)
        self.end_headers()
        self.wfile.write(number.encode())


server = ThreadingHTTPServer(("127.0.0.1", 18200 + int(number)), Vault)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate", "key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
E
for n in 1 2 3; do systemd-run --quiet --unit=vault-$n --working-directory=/tmp/vault python3 vault.py $n; done
cat > haproxy.cfg <<'E'
defaults
  mode tcp
  timeout connect 5s
  timeout client 9s
  timeout server 9s
frontend in
  bind 127.0.0.1:18200
  default_backend tcp-8200
E
sed -n '/^backend tcp-8200/,$p' /tmp/files/home-production-proxy/etc/haproxy/haproxy.cfg |
  sed -E 's/ [0-9.]+([0-9]):8200 / 127.0.0.1:1820\\1 /; s/ send-proxy-v2//' >> haproxy.cfg
sleep 2
systemd-run --quiet --unit=vault-relay haproxy -f /tmp/vault/haproxy.cfg
sleep 7
for i in 1 2 3 4 5 6; do curl -skm 5 https://127.0.0.1:18200/; echo; done | sort -u > answers
systemctl stop vault-relay vault-1 vault-2 vault-3
xargs < answers`;

/** After the files of all hosts were read at the proxy. @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function health(gate, bridge) {
  gate.check(
    "haproxy asks members of a service how they are: of Vault, nobody gets to who is sealed or on standby",
    () => {
      same(bridge.inside("proxy", sealed).split("\n").at(-1), "3");
    },
  );
}
