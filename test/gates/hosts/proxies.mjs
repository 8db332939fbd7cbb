// What leaves and enters through a proxy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./bridge.mjs").Bridge} bridge */
export async function proxies(gate, bridge) {
  const ask = (/** @type {string} */ name) =>
    `curl -sm 5 -o /dev/null -w '%{http_code}' -x http://10.20.0.11:3128 http://${name}/whoami || true`;
  const tunnel = (/** @type {string} */ to) =>
    `curl -spm 5 -o /dev/null -w '%{http_connect}' -x http://10.20.0.11:3128 http://${to}/ || true`;
  gate.check("an allowed name passes through the proxy, and another does not", () => {
    same(
      [bridge.inside("ecflow-prod", ask("deb.debian.org")), bridge.inside("ecflow-prod", ask("example.org"))],
      ["200", "403"],
    );
  });
  gate.check("nor does an address, nor a tunnel", () => {
    same(bridge.inside("ecflow-prod", ask("198.51.100.80")), "403");
    same(bridge.inside("ecflow-prod", tunnel("deb.debian.org:80")), "403");
  });
  gate.check("what is denied is asked of no resolver: a name could carry something out", () => {
    const asked = () => readFileSync(join(bridge.state, "outside", "resolvers", "log"), "utf8");
    same(asked().includes("deb.debian.org"), true);
    same(bridge.inside("ecflow-prod", tunnel("secret.example.net:443")), "403");
    same(bridge.inside("ecflow-prod", ask("secret.example.net")), "403");
    same(asked().includes("secret.example.net"), false);
  });
  gate.check("an allowed name that leads inside does not pass", () => {
    const reloaded = "systemctl reload squid; sleep 3";
    // Where squid finds no IPv6 it takes no such address either.
    for (const inside of ["10.20.4.60", "0.0.0.0", "100.64.0.1"]) {
      bridge.inside("proxy", `cp /etc/hosts /tmp/hosts; echo '${inside} deb.debian.org' >> /etc/hosts; ${reloaded}`);
      same([inside, bridge.inside("ecflow-prod", ask("deb.debian.org"))], [inside, "403"]);
      bridge.inside("proxy", "cat /tmp/hosts > /etc/hosts");
    }
    bridge.inside("proxy", reloaded);
    same(bridge.inside("ecflow-prod", ask("deb.debian.org")), "200");
  });

  const answering =
    "cat > /tmp/answer.py <<'E'\nimport socketserver\nclass Answer(socketserver.BaseRequestHandler):\n    def handle(self):\n        self.request.sendall(b'ecflow')\nsocketserver.ThreadingTCPServer.allow_reuse_address = True\nsocketserver.ThreadingTCPServer(('10.20.4.60', 3141), Answer).serve_forever()\nE\nsystemd-run --quiet --unit=answer python3 /tmp/answer.py";
  const from = (/** @type {string} */ who, times = 6) =>
    bridge
      .sandbox([
        "outside",
        who,
        "bash",
        "-c",
        `for i in $(seq ${times}); do said=$(timeout 3 bash -c 'exec 3<>/dev/tcp/${bridge.proxy}/3141 && echo in && head -c 6 <&3' 2>/dev/null); [ "\${said#in}" != "" ] && break; [ $i = ${times} ] || sleep 1; done; echo "$said"`,
      ])
      .stdout.trim();
  gate.check("haproxy relays what the model allocated, from whom it names, and to ecFlow", () => {
    bridge.inside("ecflow-prod", answering);
    same(from("lumi.compute"), "in\necflow");
    same(from("stranger", 1), "");
  });
  await gate.checked("somebody whom a group lets in by mistake is rejected by haproxy itself", async () => {
    const tenancy = await bridge.tenancy();
    const { rules } = tenancy.hosts.find((/** @type {{ name: string }} */ { name }) => name === "proxy");
    const { addresses } = tenancy.outside.find((/** @type {{ name: string }} */ { name }) => name === "stranger");
    rules.push({ direction: "in", proto: "tcp", from: 3141, to: 3141, peer: `${addresses[0]}/32` });
    const opened = bridge.sandbox(["up", "-"], JSON.stringify(tenancy));
    if (opened.code !== 0) throw new Error(opened.out);
    // It connects, and is told nothing.
    same(from("stranger", 1), "in");
    await bridge.up();
    same(from("stranger", 1), "");
  });
  bridge.inside("ecflow-prod", "systemctl stop answer");
}
