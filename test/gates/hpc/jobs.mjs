// What Slurm is told of the site files: each partition takes, runs and cancels jobs, and refuses what is beyond it.
import { same } from "../clouds.mjs";

/** @typedef {import("./supercomputer.mjs").Supercomputer} Supercomputer */
/** A job that just fits, one that does not, and what is said of it. @typedef {readonly [fits: string, exceeds: string, why: string]} Case */

const [walltime, nodes] = ["Requested time limit is invalid", "Node count specification invalid"];
const [hardware, policy] = ["Requested node configuration is not available", "Job violates accounting/QOS policy"];

/** @type {readonly Case[]} */
const ofLumi = [
  ["-p debug -t 30", "-p debug -t 31", walltime],
  ["-p standard -t 2-0", "-p standard -t 2-0:1", walltime],
  ["-p standard -t 5 -N 512", "-p standard -t 5 -N 513", nodes],
  ["-p standard-g -t 5 -N 1024", "-p standard-g -t 5 -N 1025", nodes],
  ["-p small -t 5 -N 4", "-p small -t 5 -N 5", nodes],
  ["-p largemem -t 5 -N 1", "-p largemem -t 5 -N 2", nodes],
  ["-p standard -t 5 --mem=256G", "-p standard -t 5 --mem=257G", hardware],
  ["-p small-g -t 5 --gpus-per-node=8", "-p small-g -t 5 --gpus-per-node=9", hardware],
  ["-p small -t 5 -c 128", "-p small -t 5 -c 129", hardware],
  ["-p small -t 5 -A project_465000001", "-p small -t 5 -A project_465000002", "Invalid account"],
  ["-p small -t 5 -q normal", "-p small -t 5 -q none", "Invalid qos"],
  ["-p small -t 5", "-p nowhere -t 5", "Invalid partition"],
];

/** What jobs there are charged to is another budget. */
const dcgp = "-p dcgp_usr_prod -A DestE_booster_0";
/** @type {readonly Case[]} */
const ofLeonardo = [
  ["-p boost_usr_prod -t 1-0", "-p boost_usr_prod -t 1-0:1", walltime],
  ["-p boost_usr_prod -t 5 --mem=512G", "-p boost_usr_prod -t 5 --mem=513G", hardware],
  ["-p boost_usr_prod -q boost_qos_dbg -t 30", "-p boost_usr_prod -q boost_qos_dbg -t 31", policy],
  ["-p boost_usr_prod -q boost_qos_lprod -t 4-0", "-p boost_usr_prod -q boost_qos_lprod -t 4-1", policy],
  ["-p boost_usr_prod -q boost_qos_lprod -N 8", "-p boost_usr_prod -q boost_qos_lprod -N 9", policy],
  [`${dcgp} -q dcgp_qos_dbg -t 5 -N 2`, `${dcgp} -q dcgp_qos_dbg -t 5 -N 3`, policy],
  [`${dcgp} -t 5`, "-p dcgp_usr_prod -A DestE_booster -t 5", "Invalid account"],
  ["-p boost_usr_prod -q boost_qos_dbg -t 5", "-p boost_usr_prod -q dcgp_qos_dbg -t 5", "Invalid qos"],
];

/** @param {import("../gate.mjs").Gate} gate @param {Supercomputer} lumi @param {Supercomputer} leonardo */
export function jobs(gate, lumi, leonardo) {
  gate.check("partitions are those of the site file, with their limits, GPUs and ways to share", () => {
    same(partitionsOf(lumi), {
      standard: ["2-00:00:00", "512", "EXCLUSIVE", "zen3 (null)"],
      "standard-g": ["2-00:00:00", "1024", "EXCLUSIVE", "gfx90a gpu:8"],
      small: ["3-00:00:00", "4", "NO", "zen3 (null)"],
      "small-g": ["3-00:00:00", "4", "NO", "gfx90a gpu:8"],
      debug: ["00:30:00", "4", "NO", "zen3 (null)"],
      largemem: ["1-00:00:00", "1", "NO", "zen3 (null)"],
      "dev-g": ["03:00:00", "32", "NO", "gfx90a gpu:8"],
    });
    same(partitionsOf(leonardo), {
      boost_usr_prod: ["1-00:00:00", "UNLIMITED", "EXCLUSIVE", "sm_80 gpu:4"],
      dcgp_usr_prod: ["1-00:00:00", "UNLIMITED", "EXCLUSIVE", "sapphirerapids (null)"],
    });
  });
  for (const computer of [lumi, leonardo])
    gate.check(
      `${computer.name}: a job runs in every partition, on two nodes if it may, as its user and project`,
      () => {
        const script = "srun -l id -un; echo $SLURM_JOB_PARTITION $SLURM_JOB_ACCOUNT";
        const all = Object.entries(partitionsOf(computer)).map(([partition, [, most]]) => {
          const [first] = computer.told.users[computer.user];
          const project = partition === "dcgp_usr_prod" ? "DestE_booster_0" : first;
          const count = most === "1" ? 1 : 2;
          const job = computer.submit(`-p ${partition} -A ${project} -N ${count} -t 5`, script);
          const ran = ["0", "1"].slice(0, count).map((task) => `${task}: ${computer.user}`);
          return { job, printed: [...ran, `${partition} ${project.toLowerCase()}`] };
        });
        for (const { job, printed } of all) {
          same(computer.until(job), "COMPLETED");
          same(computer.login(`sort slurm-${job}.out`).split("\n"), printed);
        }
      },
    );
  gate.check("a job gets the GPUs that it asks for, as software of their vendor looks for them", () => {
    const seen = "ls /dev/gpu* 2> /dev/null | wc -l; echo $ROCR_VISIBLE_DEVICES $CUDA_VISIBLE_DEVICES";
    same(lumi.ran("-p small-g -t 5 --gpus=3", seen), "8\n0,1,2");
    same(leonardo.ran("-p boost_usr_prod -t 5 --gpus-per-node=4", seen), "4\n0,1,2,3");
    same(lumi.ran("-p small -t 5", seen), "0");
  });
  gate.check("jobs that wait and jobs that run are cancelled, and tell that they end", () => {
    const trap = 'trap "echo told > told; exit 1" TERM; touch begun; sleep 300 & wait';
    const job = lumi.submit("-p debug -t 5", trap);
    const large = lumi.submit("-p standard -N 512 -t 5", "true");
    lumi.login("until test -e begun; do sleep 0.2; done");
    lumi.login(`squeue -h -j ${large} -o %T | grep PENDING; scancel ${large}; scancel --batch --signal=TERM ${job}`);
    same([lumi.until(large).replace(/ by .*/, ""), lumi.until(job)], ["CANCELLED", "FAILED"]);
    const other = lumi.submit("-p debug -t 5", "sleep 300");
    lumi.until(other, "RUNNING");
    lumi.login(`scancel ${other}`);
    same(lumi.until(other).replace(/ by .*/, ""), "CANCELLED");
    same(lumi.login("cat told; squeue -h -t PD,R | wc -l"), "told\n0");
  });
  gate.check(
    "Slurm refuses what is beyond a partition, a project or a quality of service, and takes what just fits",
    () => {
      for (const [computer, cases] of /** @type {const} */ ([
        [lumi, ofLumi],
        [leonardo, ofLeonardo],
      ])) {
        const said = computer.tried(cases.flatMap(([fits, exceeds]) => [`-H ${fits}`, exceeds]));
        for (const [i, [fits, exceeds, why]] of cases.entries()) {
          const [taken = "", refusal = ""] = said.slice(2 * i);
          if (!taken.startsWith("Submitted batch job")) throw new Error(`${fits}: ${taken}`);
          if (!refusal.includes(`failed: ${why}`)) throw new Error(`${exceeds}: ${refusal}, not ${why}`);
        }
      }
    },
  );
  gate.check("of two jobs that a quality of service allows a user at a time, a third waits", () => {
    const asked = "-p boost_usr_prod -q boost_qos_dbg -t 5";
    const [first = "", second = "", third] = [1, 2, 3].map(() => leonardo.submit(asked, "sleep 60"));
    for (const job of [first, second]) leonardo.until(job, "RUNNING");
    same(leonardo.login(`squeue -h -j ${third} -o %r; scancel -u $USER`), "QOSMaxJobsPerUserLimit");
  });
}

/** Limits, ways to share, and nodes of each partition. @param {Supercomputer} computer */
function partitionsOf(computer) {
  const rows = computer.login('sinfo -h -e -o "%R|%f %G"').split("\n");
  const nodesOf = new Map(rows.map((row) => /** @type {[string, string]} */ (row.split("|"))));
  const of = (/** @type {string} */ row, /** @type {string} */ key) => new RegExp(`\\b${key}=(\\S+)`).exec(row)?.[1];
  return Object.fromEntries(
    computer
      .login("scontrol -o show partition")
      .split("\n")
      .map((row) => {
        const name = of(row, "PartitionName") ?? "";
        return [name, [of(row, "MaxTime"), of(row, "MaxNodes"), of(row, "OverSubscribe"), nodesOf.get(name)]];
      }),
  );
}
