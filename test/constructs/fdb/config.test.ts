import { parse } from "yaml";
import type { FdbOptions } from "../../../constructs/fdb/spec";
import { filesOf } from "../../../constructs/files";
import { bastion, datamover, fdb, proxy, transferJob } from "../../../constructs/specs";
import type { FileRole } from "../../../model/host-file";
import { gib } from "../../../model/vocabulary";
import type { DescribedFields } from "../../../model/words/assumed";
import { layout, learned, north, tenancy } from "../../model/platform";

const described = (is: Partial<DescribedFields<FdbOptions>> = {}) => {
  const runs = [
    bastion(),
    proxy(),
    fdb({ stores: 2, volume: gib(10), fate: "keep", layout, clients: [{ role: "proxy" }], ...is }),
  ];
  const { registers } = learned([north({ production: tenancy({ runs }) })]);
  const place = registers.places[0];
  return (name: string, of: FileRole = "fdb") => {
    const host = place?.hosts.find((each) => each.name === name);
    const files = place && host ? filesOf(host, place, registers).filter(({ role }) => role === of) : [];
    return Object.fromEntries(files.map(({ path, text }) => [path, text]));
  };
};
const folder = "/etc/platform/fdb";
const read = (of: Readonly<Record<string, string>>, file: string) => parse(of[`${folder}/${file}`] ?? "") as unknown;
const root = (path: string, wipe = false) => [
  {
    regex: ".*",
    handler: "Default",
    roots: [{ path, writable: true, visit: true, list: true, retrieve: true, archive: true, wipe }],
  },
];

test("a catalogue names its stores, a client the catalogue, and each has one connection to the next", () => {
  const of = described();
  expect(read(of("fdb-catalogue"), "server.yaml")).toEqual({
    type: "catalogue",
    engine: "toc",
    serverPort: 10000,
    supportedConnections: [1],
    schema: `${folder}/schema`,
    spaces: root("/srv/index/fdb"),
    stores: [{ default: "10.20.8.11:10000" }, { default: "10.20.8.12:10000" }],
  });
  expect(read(of("fdb-store-2"), "server.yaml")).toEqual({
    type: "store",
    serverPort: 10000,
    supportedConnections: [1],
    schema: `${folder}/schema`,
    spaces: root("/srv/data/fdb"),
  });
  const client = {
    type: "remote",
    host: "10.20.8.10",
    port: 10000,
    engine: "remote",
    store: "remote",
    schema: `${folder}/schema`,
    preferSingleConnection: true,
  };
  expect(read(of("proxy"), "client.yaml")).toEqual(client);
  expect(read(of("fdb-catalogue"), "client.yaml")).toEqual(client);
});

test("who is no client has nothing of it; servers have the schema and a unit", () => {
  const of = described();
  expect(Object.keys(of("bastion"))).toEqual([]);
  expect(Object.keys(of("proxy")).sort()).toEqual([`${folder}/client.yaml`, `${folder}/schema`]);
  expect(Object.keys(of("fdb-store-1")).sort()).toEqual([
    `${folder}/schema`,
    `${folder}/server.yaml`,
    "/etc/systemd/system/fdb-store.service",
  ]);
  expect(of("fdb-store-1")[`${folder}/schema`]).toMatch(/^# .*\n\n\[ class=d1, date\n/);
});

test("ports of data are those that the groups open", () => {
  const of = described({ dataPorts: { from: 40000, to: 40009 } });
  expect(read(of("fdb-store-1"), "server.yaml")).toMatchObject({ dataPortStart: 40000, dataPortCount: 10 });
  expect(read(of("fdb-store-1"), "server.yaml")).not.toHaveProperty("supportedConnections");
  expect(read(of("proxy"), "client.yaml")).not.toHaveProperty("preferSingleConnection");
});

test("only where the site file says so, roots let anything be deleted, and servers read what they hold against each other", () => {
  const unit = "/etc/systemd/system/fdb-store.service";
  expect(described()("fdb-store-1")[unit]).not.toContain("WIPE");
  const of = described({ wipe: true })("fdb-store-1");
  expect(read(of, "server.yaml")).toMatchObject({ spaces: root("/srv/data/fdb", true) });
  expect(of[unit]).toContain(`ExecStart=/bin/sh -c 'FDB_WIPE_SECRET="$(cat ${folder}/wipe)" exec `);
});

test("a store has a root on each volume of a space; the first space that a field is of takes it", () => {
  const spaces = {
    ope: { of: { date: ["20261127", "20261128"] }, volumes: [gib(10), gib(11)], handler: "LeastUsedPercent" },
    old: { volumes: [gib(12)], archive: false },
  } as const;
  const read = parse(described({ volume: undefined, spaces } as never)("fdb-store-1")[`${folder}/server.yaml`] ?? "");
  const of = (path: string, archive: boolean) => ({ ...root(path)[0]?.roots[0], writable: archive, archive });
  expect(read.spaces).toEqual([
    {
      regex: "^[^:]*:(20261127|20261128)$",
      handler: "LeastUsedPercent",
      roots: [of("/srv/ope/fdb", true), of("/srv/ope-2/fdb", true)],
    },
    { regex: ".*", handler: "Default", roots: [of("/srv/old/fdb", false)] },
  ]);
  expect(
    described({ volume: undefined, spaces } as never)("fdb-store-1")["/etc/systemd/system/fdb-store.service"],
  ).toContain("RequiresMountsFor=/srv/ope /srv/ope-2 /srv/old\n");
});

test("jobs of the supercomputer come in by a gate that leads to catalogue and stores alone", () => {
  const key = `ssh-ed25519 ${"A".repeat(68)}`;
  const of = described({ archiving: transferJob({ key: "$HOME/.ssh/fdb", authorized: [key] }) });
  const gate = of("fdb-gate");
  expect(Object.keys(gate).sort()).toEqual([
    `${folder}/gate/authorized_keys`,
    `${folder}/gate/sshd_config`,
    "/etc/systemd/system/fdb-gate.service",
  ]);
  expect(gate[`${folder}/gate/authorized_keys`]).toContain(`\n${key}\n`);
  expect(gate[`${folder}/gate/sshd_config`]).toContain(
    "\nPermitOpen 10.20.8.10:10000 10.20.8.11:10000 10.20.8.12:10000\n",
  );
  expect(read(of("fdb-catalogue"), "server.yaml")).toMatchObject({
    networks: [{ name: "gate", netmask: "10.20.4.46/31" }],
    stores: [
      { default: "10.20.8.11:10000", gate: "localhost:11001" },
      { default: "10.20.8.12:10000", gate: "localhost:11002" },
    ],
  });
});

test("a host fetches what is whole, as an account of its own, and archives it as a client", () => {
  const host = described({ archiving: datamover({ outbox: "/scratch/outbox", staging: gib(20) }) });
  const of = host("fdb-datamover");
  expect(JSON.parse(of[`${folder}/archive.json`] ?? "")).toMatchObject({
    connection: "polaris",
    outbox: "/scratch/outbox",
    staging: "/srv/staging/fdb",
  });
  expect(Object.keys(of)).toEqual(expect.arrayContaining([`${folder}/client.yaml`, `${folder}/schema`]));
  expect(of["/etc/systemd/system/fdb-archive.service"]).toContain("\nUser=datamover\n");
  // What has failed stays so until all is archived, though it is tried again each minute.
  expect(of["/etc/systemd/system/fdb-archive.service"]).toContain("\nOnFailure=fdb-archive-stuck.service\n");
  // It logs in and fetches files; jobs, of which suites, tunnels and an exporter would tell, it has none.
  expect(Object.keys(host("fdb-datamover", "hpc"))).toEqual([
    "/etc/platform/hpc/ssh_config",
    "/etc/platform/hpc/known_hosts",
    "/etc/platform/hpc/troika.yml",
    "/etc/platform/hpc/connections.json",
    "/etc/tmpfiles.d/platform-hpc.conf",
    "/etc/systemd/system/hpc-pin.service",
    "/etc/systemd/system/hpc-pin.timer",
  ]);
});
