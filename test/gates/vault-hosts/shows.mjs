// A host that shows a certificate, and somebody who has been connected for long.

/** Everything that has to run on the host. @param {string} folder of the certificate */
export const shows = (folder) => `
apt-get install -qq --no-install-recommends haproxy > /dev/null 2>&1
cat > /etc/haproxy/haproxy.cfg <<'END'
global
  log stdout format raw local0
  # tls.crt and tls.key, by one name
  ssl-load-extra-del-ext
defaults
  mode tcp
  timeout connect 5s
  timeout client 10m
  timeout server 10m
frontend in
  bind 127.0.0.1:4443 ssl crt ${folder}/tls.crt
  default_backend out
backend out
  server out 127.0.0.1:4444
END
cat > /tmp/echo.py <<'END'
import socketserver


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


socketserver.ThreadingTCPServer(("127.0.0.1", 4444), Echo).serve_forever()
END
cat > /tmp/hold.py <<'END'
import socket
import ssl
import time

context = ssl.create_default_context(cafile="${folder}/ca.crt")
name = "ecflow-prod.production.lumi.apps.dte.destination-earth.eu"
held = context.wrap_socket(socket.create_connection(("127.0.0.1", 4443)), server_hostname=name)
said = 0
while True:
    held.sendall(b"here\\n")
    if held.recv(16) != b"here\\n":
        raise SystemExit("dropped")
    said += 1
    open("/tmp/held", "w").write(str(said))
    time.sleep(0.2)
END
printf '[Service]\\nExecStart=/bin/sleep infinity\\n' > /etc/systemd/system/slow.service
systemctl daemon-reload
systemctl start slow
systemd-run -q --unit=echo python3 /tmp/echo.py
systemctl restart haproxy
sleep 1
systemd-run -q --unit=hold python3 /tmp/hold.py
sleep 1
test -e /tmp/held`;

/** What it shows who connects now. */
export const shown = "echo | openssl s_client -connect 127.0.0.1:4443 2>/dev/null | openssl x509 -noout -serial";

/** The connection that was begun first still answers. */
export const held = "a=$(cat /tmp/held); sleep 1; test $(cat /tmp/held) -gt $a && systemctl is-active hold";
