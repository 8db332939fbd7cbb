// Who is let in, by what the site files say: a key that was registered, a certificate of the operator.
import { same } from "../clouds.mjs";
import { run } from "../gate.mjs";

/** @param {import("./supercomputer.mjs").Ran} ran */
const denied = ({ code, out }) => same([code, /Permission denied/.test(out)], [255, true]);

/**
 * @param {import("../gate.mjs").Gate} gate
 * @param {import("./supercomputer.mjs").Supercomputer} lumi
 * @param {import("./supercomputer.mjs").Supercomputer} leonardo
 */
export function logins(gate, lumi, leonardo) {
  lumi.key = lumi.made("good");
  const other = lumi.made("other");
  gate.check("a key gets in once it is registered, at every address of the login nodes, as its user alone", () => {
    denied(lumi.ssh("true"));
    lumi.must("admit", lumi.user, `${lumi.key}.pub`);
    for (const to of [lumi.told.host, ...lumi.told.login])
      same(lumi.login("hostname; id -un", { to }), `login\n${lumi.user}`);
    denied(lumi.ssh("true", { user: "ecmwf-dte-test" }));
    denied(lumi.ssh("true", { user: "root" }));
    denied(lumi.ssh("true", { key: other }));
  });
  gate.check("two keys are let in while one takes the place of the other, and then one", () => {
    lumi.must("admit", lumi.user, `${other}.pub`);
    same([lumi.login("id -un", { key: other }), lumi.login("id -un")], [lumi.user, lumi.user]);
    lumi.must("withdraw", lumi.user, `${other}.pub`);
    denied(lumi.ssh("true", { key: other }));
    same(lumi.login("id -un"), lumi.user);
  });
  leonardo.key = leonardo.made("good");
  const old = leonardo.made("old");
  gate.check(
    "a certificate of the operator gets in; a bare key, one that is over, and one for somebody else do not",
    () => {
      denied(leonardo.ssh("true"));
      leonardo.must("admit", leonardo.user, `${leonardo.key}.pub`);
      same(leonardo.login("id -un"), leonardo.user);
      leonardo.must("admit", leonardo.user, `${old}.pub`, "--validity=-2h:-1h");
      denied(leonardo.ssh("true", { key: old }));
      run("ssh-keygen", ["-q", "-s", other, "-I", "forged", "-n", leonardo.user, "-V", "-5m:+1h", `${old}.pub`]);
      denied(leonardo.ssh("true", { key: old }));
    },
  );
  gate.check("it holds as long as the site file says", () => {
    const told = run("ssh-keygen", ["-Lf", `${leonardo.key}-cert.pub`]);
    const [from, to] =
      /Valid: from (\S+) to (\S+)/
        .exec(told)
        ?.slice(1)
        .map((time) => Date.parse(time)) ?? [];
    same(Math.round((Number(to) - Number(from)) / 3_600_000), 12);
  });
  gate.check("when the operator's CA is another, earlier certificates are let in no more", () => {
    leonardo.must("turn", "user-ca");
    denied(leonardo.ssh("true"));
    leonardo.must("admit", leonardo.user, `${leonardo.key}.pub`);
    same(leonardo.login("id -un"), leonardo.user);
  });
  gate.check("who knows the login nodes by their key does not take another for them", () => {
    const before = lumi.told;
    same(run("ssh-keygen", ["-lf", before.knownHosts]).includes(before.fingerprint), true);
    run("cp", [before.knownHosts, `${lumi.key}.known`]);
    lumi.must("turn", "host-key");
    same(lumi.login("id -un"), lumi.user);
    same(lumi.told.fingerprint === before.fingerprint, false);
    run("cp", [`${lumi.key}.known`, before.knownHosts]);
    const { code, out } = lumi.ssh("true");
    same([code, /Host key verification failed|IDENTIFICATION HAS CHANGED/.test(out)], [255, true]);
    run("sh", ["-c", `echo '${lumi.told.host},${lumi.told.login} ${lumi.told.hostKey}' > ${before.knownHosts}`]);
    same(lumi.login("id -un"), lumi.user);
  });
  gate.check("projects have shared folders, which their members alone enter; nobody is root", () => {
    const [project] = lumi.told.users[lumi.user];
    lumi.login(`echo mine > /project/${project}/file; echo mine > /scratch/${project}/file; echo mine > file`);
    const seen = `cat /project/${project}/file /scratch/${project}/file /home/${lumi.user}/file`;
    same(lumi.inside("n10001", seen), "mine\nmine\nmine");
    same(lumi.inside("n30002", `stat -c %U:%G /project/${project}/file`), `${lumi.user}:${project}`);
    const key = lumi.made("test");
    lumi.must("admit", "ecmwf-dte-test", `${key}.pub`);
    for (const path of [`/project/${project}`, `/scratch/${project}`, `/home/${lumi.user}`])
      same(lumi.ssh(`ls ${path}`, { key, user: "ecmwf-dte-test" }).code === 0, false);
    for (const command of ["cat /etc/shadow", "touch /etc/mine", "scontrol update partition=debug maxtime=60"])
      same(lumi.ssh(command).code === 0, false);
  });
}
