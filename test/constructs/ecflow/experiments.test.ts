import { bastion, cluster, experiments, proxy, sharedServices, vault, vaultAgent } from "../../../constructs/specs";
import { flowsOf, learned, north, said, south, tenancy } from "../../model/platform";

const image = `registry.example.org/ecflow-server:5.9.2@sha256:${"0".repeat(64)}`;
const jane = { is: "person", port: 31401, until: "2027-06-30", from: ["front-ends"], why: "tries" } as const;
const at = { site: "north", tenancy: "production" };

const described = (servers = { jane }) => {
  const runs = [
    bastion(),
    proxy(),
    vault({ from: [] }),
    vaultAgent({ at }),
    cluster({ servers: 1, workers: 1, cloud: true }),
    sharedServices({ vault: at }),
    experiments({ image, servers }),
  ];
  const identity = { people: { issuer: "https://login.example.org", audience: "platform" } };
  return learned([north({ production: tenancy({ runs }) }, { identity }), south({})]);
};

test("one line is a server in a pod, with a volume, a certificate, passwords and a way in", () => {
  const { registers, problems } = described();
  expect(problems.filter(({ path }) => path.includes("experiments"))).toEqual([]);
  const name = "experiment-jane";
  expect(registers.certificates.map(({ id, environment }) => [id, environment])).toContainEqual([
    `north-production-${name}`,
    "experiments",
  ]);
  const secret = registers.secrets.find(({ id }) => id === `north-production/ecflow/${name}`);
  expect(secret?.pods.map(({ workload, key }) => [workload, key])).toEqual(
    ["ecflow", "probe", "jane"].map((key) => [name, key]),
  );
  const way = registers.flows.find(({ service, why }) => service === name && why === "jane asks the server");
  expect([way?.relay?.traffic.from, way?.traffic.from, way?.podTraffic?.from]).toEqual([31401, 31401, 3141]);
});

test("it is as safe as that of the forecast: the same list, certificate and passwords", () => {
  const { description } = said(experiments({ image, servers: { jane } }));
  const [container] = description.workloads?.[0]?.containers ?? [];
  expect(container?.files?.["/etc/ecflow/lists"]?.split("\n").slice(1)).toEqual([
    "5.9.2",
    "ecflow",
    "-probe",
    "jane",
    "",
  ]);
  expect(container?.command).toEqual(["platform-ecflow", "serve", "/etc/ecflow/server.json"]);
  const about = JSON.parse(container?.files?.["/etc/ecflow/server.json"] ?? "");
  expect(about).toMatchObject({
    lists: "/etc/ecflow/lists",
    run: "/run/ecflow",
    passwords: { jane: "/run/secrets/ecflow/passwords/jane" },
    certificate: { key: "/run/tls/tls.key" },
  });
  expect(about.unit).toBeUndefined();
  expect(container?.env).toMatchObject({ ECF_SSL: "1", ECF_HOME: "/srv/home/ecf", ECF_LISTS: "/etc/ecflow/lists" });
  expect(flowsOf(description)).toEqual(["front-ends -> experiment-jane"]);
});

test("a server has a last day, and a port that no other has", () => {
  const { until: _, ...endless } = jane;
  expect(said(experiments({ image, servers: { jane: endless } } as never)).problems).toEqual([
    "servers.jane.until undefined",
  ]);
  const twice = described({ jane, joe: jane } as never);
  expect(twice.problems.some(({ path }) => path.endsWith("experiment-joe.nodePort"))).toBe(true);
});
