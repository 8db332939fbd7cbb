// What leaves a supercomputer, and a bridge beside it: how its hosts reach login nodes, and how jobs report to it.
import { readFileSync } from "node:fs";
import { same } from "../clouds.mjs";

/**
 * @param {import("../gate.mjs").Gate} gate
 * @param {import("../hosts/bridge.mjs").Bridge} bridge
 * @param {import("./supercomputer.mjs").Supercomputer} lumi
 * @param {import("./supercomputer.mjs").Supercomputer} leonardo
 */
export async function beside(gate, bridge, lumi, leonardo) {
  const dcgp = "-p dcgp_usr_prod -A DestE_booster_0";
  const web = "curl -sSm 3 http://198.51.100.80/whoami";
  gate.check("the internet sees nodes by one address where the site file has one; others have no way out", () => {
    same(lumi.login(web), lumi.told.login[0]);
    same(lumi.ran("-p debug -t 5", web), lumi.told.nat);
    same(leonardo.login(web), leonardo.told.login[0]);
    same(leonardo.ran(`${dcgp} -t 5`, `${web} 2> /dev/null; echo $?; ip route show default`), "7");
  });
  gate.check("from outside nothing is met of it but SSH of its login nodes", () => {
    const open = (/** @type {string} */ to, /** @type {number} */ port) =>
      lumi.hpc(["outside", "stranger", "nc", "-zw", "1", to, String(port)]).code === 0;
    const [login] = lumi.told.login;
    const met = [open(login, 22), open(login, 6817), open(lumi.told.nat, 22), open(lumi.told.nat, 53)];
    same(met, [true, false, false, false]);
  });
  const hosts = bridge.state;
  const banner = "nc -w 1 193.167.209.163 22 < /dev/null | head -c 4";
  await gate.checked(
    "hosts of a bridge boot; login nodes are played by somebody until a supercomputer joins them",
    async () => {
      bridge.prepare();
      await bridge.up();
      same(bridge.inside("ecflow-prod", banner), "");
      lumi.must("join", hosts);
      leonardo.must("join", hosts);
      same(bridge.inside("ecflow-prod", banner), "SSH-");
    },
  );
  gate.check(
    "a host of the bridge logs in by name at the real address, submits, and is seen by that of its router",
    () => {
      const key = lumi.made("bridge");
      lumi.must("admit", lumi.user, `${key}.pub`);
      for (const [file, name] of [
        [key, "key"],
        [lumi.told.knownHosts, "known"],
      ]) {
        const script = `umask 077; cat > /root/${name}`;
        bridge.sandbox(["exec", "ecflow-prod", "sh", "-c", script], readFileSync(file ?? "", "utf8"));
      }
      const to = `${lumi.user}@${lumi.told.host}`;
      const ssh = `ssh -i /root/key -o BatchMode=yes -o UserKnownHostsFile=/root/known ${to}`;
      same(bridge.inside("ecflow-prod", `getent ahostsv4 ${lumi.told.host}`).split(" ")[0], lumi.told.login[0]);
      same(bridge.inside("ecflow-prod", `${ssh} 'hostname; echo \${SSH_CONNECTION%% *}'`), "login\n203.0.113.10");
      const job = bridge.inside("ecflow-prod", `${ssh} sbatch --parsable -p debug -t 5 --wrap hostname; rm /root/key`);
      same([lumi.until(job), /^n\d{5}$/.test(lumi.login(`cat slurm-${job}.out`))], ["COMPLETED", true]);
    },
  );
  gate.check(
    "a job meets the proxy of the bridge at its public address, and by its service's name, from the address of the site",
    () => {
      const service = "ecflow-prod.production.lumi.apps.dte.destination-earth.eu";
      bridge.inside("proxy", "systemd-run -q sh -c 'exec nc -lkvn 3141 2> /run/callers'");
      const meets = (/** @type {string} */ to) => `nc -zw 3 ${to} 3141 && echo met`;
      same(lumi.ran("-p debug -t 5", `${meets(bridge.proxy)}; ${meets(service)}`), "met\nmet");
      const callers = bridge.inside("proxy", "grep '^Connection' /run/callers").split("\n");
      same(
        callers.map((row) => row.split(" ")[3]),
        [lumi.told.nat, lumi.told.nat],
      );
      // Another port, and another host: groups of the bridge do not let them in.
      const others = `nc -zw 1 ${bridge.proxy} 3128 || echo none; nc -zw 1 203.0.113.11 22 || echo none`;
      same(lumi.ran("-p debug -t 5", others), "none\nnone");
    },
  );
  gate.check("nodes without a way out do not reach the bridge, not even by a route that somebody gives them", () => {
    const router = "ping -qc1 -W1 203.0.113.10 > /dev/null 2>&1 && echo met || echo none";
    same([leonardo.login(router), lumi.ran("-p debug -t 5", router)], ["met", "met"]);
    same(leonardo.ran(`${dcgp} -t 5`, router), "none");
    const given = `ip route add default via 10.77.0.1; ${router}; ip route del default`;
    same(leonardo.inside("n10001", given), "none");
  });
  gate.check("parted, it is out there no more, and who stood in for it is back; joined again, it is", () => {
    lumi.must("part", hosts);
    same(bridge.inside("ecflow-prod", banner), "");
    same(bridge.inside("ecflow-prod", "nc -vzw 1 193.167.209.163 22 2>&1 | grep -o refused"), "refused");
    lumi.must("join", hosts);
    same(bridge.inside("ecflow-prod", banner), "SSH-");
  });
}
