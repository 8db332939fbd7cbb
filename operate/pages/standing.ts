import { type HostEntry, type PlaceEntry, publicAddressOf } from "../../model/entries";
import { servicesOf } from "../../model/services";
import type { Hosts, Pods, Service } from "../../model/site/need";
import type { StatedWorkload } from "../../model/site/workload";
import { stacksOf } from "../../model/stacks";
import { own } from "../../model/words/record";
import { rows } from "./markdown";
import { portText } from "./parties";

/** What stands in a tenancy: hosts, services, and what runs on its cluster. */
export const standingSections = (place: PlaceEntry): readonly string[] => [
  "",
  `### ${place.name}`,
  "",
  `Environment ${place.tenancy.environment}, of ${place.tenancy.owner}; network ${place.tenancy.network.cidr}; \`clouds.yaml\` has it as \`${place.project}\`. ` +
    `Stacks: ${stacksOf(place)
      .map(({ name }) => `\`${name}\``)
      .join(", ")}; states in \`${stacksOf(place)[0]?.state.replace(/[^/]+\.tfstate/, "<stack>.tfstate")}\`.`,
  "",
  `Each host has the name \`<host>.${place.name}.${place.site.dns}\`, and is \`${place.id}-<host>\` to ssh, Ansible and OpenStack.`,
  "",
  ...rows(
    ["host", "address", "public", "roles", "size"],
    place.hosts.map((host) => hostRow(host, place)),
  ),
  "",
  ...rows(
    ["service", "port", "on", "reached from outside", "asks for"],
    servicesOf(place).map(({ said }) => serviceRow(said)),
  ),
  ...shared(place),
  ...onCluster(place),
];

const hostRow = (host: HostEntry, { site }: PlaceEntry): readonly string[] => {
  const flavor = own(site.cloud.flavors, host.flavor);
  return [
    `\`${host.name}\``,
    host.address,
    host.public ? (publicAddressOf(host) ?? "not known yet") : "",
    host.roles.join(", "),
    [
      flavor ? `${flavor.vcpus} vCPU, ${flavor.ram}` : host.flavor,
      ...host.volumes.map(({ name, size }) => `${name} ${size}`),
    ].join("; "),
  ];
};

const serviceRow = ({ service, on, traffic, auth, entrance }: Service): readonly string[] => [
  service,
  portText(traffic),
  onText(on),
  entranceText(entrance, traffic.from),
  auth === "none" ? "nothing" : auth,
];

const onText = (on: Hosts | Pods): string =>
  "workload" in on ? `pods of ${on.workload}` : "role" in on ? on.role : "every host";

function entranceText(entrance: Service["entrance"], port: number): string {
  if (entrance === undefined) return "no";
  if (entrance === "own-address") return "at its own address";
  if (entrance === "routed") return "at its private address";
  if ("ingress" in entrance) return `by ${entrance.ingress}`;
  return `at ${entrance.relay}, ${entrance.port ?? port}`;
}

/** Addresses that are no host's, and buckets. */
function shared({ sharedAddresses, balancers, buckets }: PlaceEntry): readonly string[] {
  const all = [
    ...sharedAddresses.map(({ name, address, role }) => `address ${address}, ${name}, that hosts of ${role} share`),
    ...balancers.map(({ name, address }) => `load balancer ${name}, ${address}`),
    ...buckets.map(({ name, fate }) => `bucket \`${name}\`, ${fate === "keep" ? "kept" : fate}`),
  ];
  return all.length === 0 ? [] : ["", `Besides: ${all.join("; ")}.`];
}

function onCluster({ clusters, namespaces, workloads, releases }: PlaceEntry): readonly string[] {
  const [cluster] = clusters;
  if (!cluster) return [];
  const { product, version } = cluster.said;
  return [
    "",
    `A cluster, ${product === "rke2" ? `RKE2 ${version}` : `somebody else's, ${version}`}. Namespaces: ${namespaces.map(({ namespace }) => namespace).join(", ") || "none"}.`,
    "",
    ...rows(
      ["on it", "namespace", "as", "for"],
      [
        ...workloads.map(({ said: { workload, namespace, runs, why } }) => [workload, namespace, runsText(runs), why]),
        ...releases.map(({ said: { release, namespace, chart, why } }) => [
          release,
          namespace,
          `chart ${chart.name} ${chart.version}`,
          why,
        ]),
      ],
    ),
  ];
}

function runsText(runs: StatedWorkload["runs"]): string {
  switch (runs.kind) {
    case "CronJob":
      return runs.suspended === undefined ? `CronJob, ${runs.schedule}` : "CronJob that people begin";
    case "Job":
      return "Job";
    default:
      return `${runs.kind}, ${runs.replicas}`;
  }
}
