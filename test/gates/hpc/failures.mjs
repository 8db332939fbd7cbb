// What fails, and comes back: a node, login nodes, Slurm's own machine, all of it.
import { same } from "../clouds.mjs";

/** @param {import("../gate.mjs").Gate} gate @param {import("./supercomputer.mjs").Supercomputer} lumi */
export function failures(gate, lumi) {
  /** Waits until Slurm says so. @param {string} command @param {string} row */
  const until = (command, row) =>
    lumi.login(`timeout 60 sh -c 'until ${command} | grep -x "${row}"; do sleep 0.3; done' || (${command}; exit 1)`);
  let failed = "";
  gate.check("a node fails: Slurm notices, and its job begins anew on another", () => {
    const job = lumi.submit("-p small -t 5 --requeue", "touch running; sleep 100");
    lumi.login("until test -e running; do sleep 0.2; done; sleep 2");
    failed = lumi.login(`squeue -h -j ${job} -o %N`);
    const other = lumi
      .login("sinfo -h -N -p small -o %N")
      .split("\n")
      .find((name) => name !== failed);
    lumi.must("stop", failed, "--kill");
    same(lumi.conditions()[failed], "stopped");
    // What sinfo counts as partly allocated, it calls so even if it is down.
    until(`scontrol -o show node ${failed} | grep -o State=DOWN`, "State=DOWN");
    until(`squeue -h -j ${job} -o "%T %N"`, `RUNNING ${other}`);
    lumi.login(`scancel ${job}`);
  });
  gate.check("it comes back, and takes jobs", () => {
    lumi.must("start", failed);
    same(lumi.ran(`-p small -t 5 -w ${failed}`, "hostname"), failed);
  });
  gate.check("login nodes fail: nobody gets in, jobs go on, and are told of afterwards", () => {
    const job = lumi.submit("-p small -t 5", "sleep 6; echo done");
    lumi.until(job, "RUNNING");
    lumi.must("stop", "login", "--kill");
    same(lumi.ssh("true").code, 255);
    lumi.must("start", "login");
    same([lumi.until(job), lumi.login(`cat slurm-${job}.out`)], ["COMPLETED", "done"]);
  });
  gate.check("Slurm's own machine fails while a job runs: it is told of afterwards, with all that were before", () => {
    const before = Number(lumi.login("sacct -nX | wc -l"));
    const job = lumi.submit("-p small -t 5", "sleep 12; echo done");
    lumi.until(job, "RUNNING");
    // It writes down every five seconds what it knows.
    lumi.login("sleep 6");
    lumi.must("stop", "management", "--kill");
    lumi.must("start", "management");
    same([lumi.until(job), Number(lumi.login("sacct -nX | wc -l"))], ["COMPLETED", before + 1]);
  });
  gate.check("all of it is stopped, and started", () => {
    lumi.must("stop");
    same([...new Set(Object.values(lumi.conditions()))], ["stopped"]);
    lumi.must("start");
    same([...new Set(Object.values(lumi.conditions()))], ["up"]);
    same(lumi.login("cat file"), "mine");
  });
}
