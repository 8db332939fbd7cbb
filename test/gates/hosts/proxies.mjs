// What leaves and enters through a proxy.
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export function proxies(gate, bridge) {
  const ask = (/** @type {string} */ name) =>
    `curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://${name}/whoami || true`;
  gate.check("an allowed name passes through the proxy, and another does not", () => {
    same(
      [bridge.inside("ecflow-prod", ask("deb.debian.org")), bridge.inside("ecflow-prod", ask("example.org"))],
      ["200", "403"],
    );
  });
  gate.check("nor does an address, nor a tunnel", () => {
    same(bridge.inside("ecflow-prod", ask("198.51.100.80")), "403");
    const tunnel =
      "curl -spm 5 -o /dev/null -w '%{http_connect}' -x http://10.20.0.11:3128 http://deb.debian.org:80/ || true";
    same(bridge.inside("ecflow-prod", tunnel), "403");
  });
  gate.check("haproxy relays what the model allocated, from whom it names, and to ecFlow", () => {
    bridge.inside(
      "ecflow-prod",
      "cat > /tmp/answer.py <<'E'\nimport socketserver\nclass Answer(socketserver.BaseRequestHandler):\n    def handle(self):\n        self.request.sendall(b'ecflow')\nsocketserver.ThreadingTCPServer.allow_reuse_address = True\nsocketserver.ThreadingTCPServer(('10.20.4.60', 3141), Answer).serve_forever()\nE\nsystemd-run --quiet --unit=answer python3 /tmp/answer.py",
    );
    const from = (/** @type {string} */ who) =>
      bridge
        .sandbox([
          "outside",
          who,
          "bash",
          "-c",
          `for i in 1 2 3 4 5 6; do said=$(timeout 3 bash -c 'exec 3<>/dev/tcp/${bridge.proxy}/3141; head -c 6 <&3'); [ -n "$said" ] && break; sleep 1; done; echo "$said"`,
        ])
        .stdout.trim();
    same(from("lumi.compute"), "ecflow");
    bridge.inside("ecflow-prod", "systemctl stop answer");
  });
}
