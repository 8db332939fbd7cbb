import { dirname } from "node:path/posix";
import { trusting } from "../../../constructs/aviso/trust";
import { fetchedBy } from "../../../constructs/cluster/fetched";
import { issuedTo } from "../../../constructs/cluster/issued";
import { aviso, fdb } from "../../../constructs/specs";
import type { PlaceEntry } from "../../../model/entries";
import { gib, minutes } from "../../../model/vocabulary";
import { layout, said } from "../../model/platform";
import { root } from "../../model/roots";
import { address, bridge, described, events, image, options } from "./platform";

const { registers, problems } = described();
const [place] = registers.places;
if (!place) throw new Error("there is no tenancy");
const own = ({ path }: { readonly path: string }) => /aviso|auth-o-tron/.test(path);
const told = (is: Parameters<typeof options>[0]) => said(aviso(options(is))).problems;

test("all that it needs is there, in the tenancy of an FDB", () => {
  expect(problems.filter(own)).toEqual([]);
});

test("everybody on the internet reaches it by the ingress, under its name, and nobody without a token", () => {
  const [flow] = registers.flows.filter(({ service, from }) => service === "aviso" && "theirs" in from);
  expect([flow?.auth, flow?.relay?.traffic.from, flow?.traffic.from]).toEqual(["tls+token", 443, 30443]);
  const certificate = registers.certificates.find(({ service }) => service === "aviso");
  expect(certificate?.names.slice(0, 2)).toEqual(["aviso.production.north.example.org", address]);
  expect(certificate).toMatchObject({ workload: "aviso" });
});

test("strangers know a certificate that people bring: it is a secret, and nobody else's", () => {
  const { registers, problems } = described(bridge({ certificate: "brought" }));
  expect(problems.filter(own)).toEqual([]);
  expect(registers.certificates.filter(({ service }) => service === "aviso")).toEqual([]);
  const secret = registers.secrets.find(({ id }) => id === "north-production/aviso/certificate");
  expect(secret?.pods.map(({ workload, file }) => [workload, file])).toEqual([
    ["aviso", "/run/tls/tls.crt"],
    ["aviso", "/run/tls/tls.key"],
  ]);
});

test("of its pods, only those of aviso-server reach NATS, and only they and hosts that notify reach more", () => {
  const met = (service: string) =>
    registers.flows.filter((each) => each.service === service).map(({ from }) => from.pods?.workload);
  expect(met("aviso-nats")).toEqual(["aviso"]);
  expect(met("auth-o-tron")).toEqual(["aviso"]);
  expect(met("aviso-metrics")).toEqual(["cluster-collector"]);
});

test("hosts that notify have the password of their account, and no other; jobs have a way", () => {
  const notifiers = { "ecflow-prod": { account: "notifier", owner: "ecflow" } };
  const { registers, problems } = described(bridge({ notifiers, jobs: ["polaris"] }));
  expect(problems.filter(own)).toEqual([]);
  const secret = registers.secrets.find(({ id }) => id === "north-production/auth-o-tron/accounts/notifier");
  expect(secret?.readers.map(({ role, file, owner }) => [role, file, owner])).toEqual([
    ["ecflow-prod", "/etc/platform/aviso/notifier", "ecflow"],
  ]);
  expect(secret?.pods.map(({ workload }) => workload)).toEqual(["auth-o-tron"]);
  const ways = registers.flows.filter(({ service }) => service === "aviso");
  expect(ways.map(({ from }) => ("theirs" in from ? from.theirs : from.group.role))).toEqual(
    expect.arrayContaining(["internet", "polaris.compute", "ecflow-prod"]),
  );
});

test("an account that nobody has is told, with what there is", () => {
  const { problems } = described(bridge({ notifiers: { "ecflow-prod": { account: "notifer" } } }));
  expect(problems.filter(own).map(({ fix }) => fix)).toContain('did you mean "auth-o-tron/accounts/notifier"?');
});

test("aviso-server is alive without NATS, and gets no traffic meanwhile", () => {
  const { description } = said(aviso(options()));
  expect(description.workloads?.[0]?.containers[0]?.health).toEqual({ http: "/health", ready: "/ready", port: 8000 });
});

test("nothing secret is in what its pods read", () => {
  const { description } = said(aviso(options()));
  const texts = (description.workloads ?? []).flatMap(({ containers }) =>
    containers.flatMap(({ files = {}, env = {}, args = [] }) => [
      ...Object.values(files),
      ...Object.values(env),
      ...args,
    ]),
  );
  expect(texts.join("\n")).not.toMatch(/jwt_secret|token: [^$]|password/);
  const read = (description.needs ?? []).flatMap((need) => (need.need === "secret" ? [need] : []));
  expect(read.map(({ by, variable }) => ["workload" in by ? by.workload : "", variable])).toEqual([
    ["aviso", "NATS_TOKEN"],
    ["aviso-nats", "NATS_TOKEN"],
    ["aviso", "AVISOSERVER_AUTH__JWT_SECRET"],
  ]);
});

test("whoever measures it is asked, and what rings is of that", () => {
  const signals = registers.signals.filter(({ because }) => own({ path: because }));
  const names = signals.map(({ signal, alert }) => alert ?? signal).filter((name) => !/certificate|secret/.test(name));
  expect(names.sort()).toEqual([
    "ScrapeDown",
    "ScrapeDown",
    "platform_login_unanswered",
    "platform_notifications_daily",
    "platform_notifications_lost",
    "platform_notifications_untold",
    "platform_notifications_wrong",
    "platform_notifiers_unknown",
  ]);
  const daily = signals.find(({ signal }) => signal === "platform_notifications_daily");
  expect([daily?.each, daily?.thresholds]).toEqual([["event_type"], { warning: { below: 1 } }]);
});

test("what its own options lack or have too much of is told", () => {
  expect(told({ address: "https://aviso.example.org" })).toEqual(['address "https://aviso.example.org"']);
  expect(told({ fate: "lost" as never })).toEqual(['fate "lost"']);
  expect(told({ images: { server: image, nats: "nats:latest", tls: image } })).toEqual(['images.nats "nats:latest"']);
  expect(told({ events: {} })).toEqual(["events {}"]);
  const { mars } = events;
  expect(told({ events: { "mars.d1": mars } })).toEqual(['events.mars.d1 "mars.d1"']);
  expect(told({ events: { mars: { ...mars, kept: minutes(0) } } })).toEqual(['events.mars.kept "0 d"']);
  expect(told({ events: { mars: { ...mars, perDay: 0 } } })).toEqual(["events.mars.perDay 0"]);
  expect(told({ events: { mars: { ...mars, identifier: { parm: { is: "text" } } as never } } })).toEqual([
    'events.mars.identifier.parm "parm"',
  ]);
  expect(told({ events: { mars: { ...mars, identifier: { class: { is: "enum" } } as never } } })).toEqual([
    'events.mars.identifier.class.is {"is":"enum"}',
  ]);
  expect(told({ events: { mars, other: { ...mars, topic: "MARS" } } })).toEqual(['events.other.topic "mars"']);
});

describe("events of which the FDB could have no field are refused", () => {
  const of = (
    identifier: object,
    runs = (is: object) => bridge({ events: { mars: { ...events.mars, ...is } } as never }),
  ) =>
    described(runs({ identifier }))
      .problems.filter(own)
      .map(({ path, value, allowed, fix }) => [
        path.replace(/^north\.production\.runs\.aviso\./, ""),
        value,
        allowed,
        fix,
      ]);
  const at = "north.production.runs.fdb.layout";

  test("with a key that is none of its layout", () =>
    expect(of({ class: { is: "text" }, levelis: { is: "text" } } as never)[0]?.slice(0, 2)).toEqual([
      "events.mars.identifier.levelis",
      "levelis",
    ]));
  test("with a key of MARS that is none of its layout", () =>
    expect(of({ class: { is: "text" }, step: { is: "text" } })).toEqual([
      [
        "events.mars.identifier.step",
        "step",
        `a key of ${at}: class, date, levtype, levelist, param`,
        "leave it out, or lay fields out by it in a new FDB",
      ],
    ]));
  test("with a key that fields may lack, since each notification has to say it", () =>
    expect(of({ class: { is: "text" }, levelist: { is: "text" } })).toEqual([
      [
        "events.mars.identifier",
        "levelist",
        `keys that all fields of a rule of ${at} have`,
        "leave out what fields may lack",
      ],
    ]));
  test("with a value that no field has", () =>
    expect(of({ class: { is: "one-of", values: ["d1", "od"] } })).toEqual([
      ["events.mars.identifier.class", "od", `a value that ${at} has of it: d1`, 'did you mean "d1"?'],
    ]));
  test("with what is no date in place of one", () => {
    const typed = { ...layout, types: { date: "Date" as const } };
    const runs = (is: object) =>
      bridge({ events: { mars: { ...events.mars, ...is } } as never }).map((each) =>
        each.kind === "fdb" ? fdb({ stores: 1, volume: gib(100), fate: "keep", layout: typed }) : each,
      );
    expect(of({ date: { is: "text" } }, runs)).toEqual([
      ["events.mars.identifier.date", "text", `what ${at} has of it, Date: date`, "write one of them"],
    ]);
    expect(of({ date: { is: "date" } }, runs)).toEqual([]);
  });
  test("where there is no FDB", () => {
    const runs = bridge().filter(({ kind }) => kind !== "fdb");
    expect(
      described(runs)
        .problems.filter(own)
        .map(({ path, fix }) => [path, fix]),
    ).toEqual([["north.production.runs.aviso.fdb", "add fdb()"]]);
  });
});

describe("who may listen and notify is held against who vouches:", () => {
  const at = "north.production.runs.aviso";
  const of = (is: object) =>
    described(bridge(is as never))
      .problems.filter(own)
      .map(({ path, value, allowed, fix }) => [path.replace(`${at}.`, ""), value, allowed, fix]);
  const its = "north.production.runs.auth-o-tron";
  const mars = (is: object) => of({ events: { mars: { ...events.mars, ...is } } });

  test.each([
    ["events.mars.reads.peple", "peple", "people", () => mars({ reads: { peple: ["*"] } })],
    ["events.mars.writes.platfrom", "platfrom", "platform", () => mars({ writes: { platfrom: ["*"] } })],
    ["admins.platfrom", "platfrom", "platform", () => of({ admins: { platfrom: ["writer"] } })],
  ])("a realm that it has not, %s", (path, value, near, problems) =>
    expect(problems()).toEqual([[path, value, `a realm of ${its}: people, platform`, `did you mean "${near}"?`]]));
  test.each([
    ["events.mars.writes.platform", () => mars({ writes: { platform: ["wrtier"] } })],
    ["admins.platform", () => of({ admins: { platform: ["wrtier"] } })],
  ])("a role that no account has, %s", (path, problems) =>
    expect(problems()).toEqual([
      [path, "wrtier", `a role of an account of ${its}.accounts: writer`, 'did you mean "writer"?'],
    ]));
  test("everybody of a realm, roles of people, and administrators that nobody is yet are let be", () =>
    expect([...mars({ reads: { people: ["whoever"], platform: ["*"] } }), ...of({})]).toEqual([]));
  test("an account that may notify of nothing", () => {
    const notifiers = { "ecflow-prod": { account: "notifier", owner: "ecflow" } };
    const { writes: _, ...unwritten } = events.mars;
    expect(of({ notifiers })).toEqual([]);
    expect(of({ notifiers, events: { mars: unwritten }, admins: { platform: ["writer"] } })).toEqual([]);
    expect(of({ notifiers, events: { mars: unwritten } })).toEqual([
      [
        "notifiers.ecflow-prod.account",
        "notifier",
        "an account with a role that may notify of some event: aviso-admin",
        `give it one in ${its}.accounts.notifier, or add one that it has to writes of an event: writer`,
      ],
    ]);
  });
});

test("what speaks TLS for aviso-server trusts our roots, once they are known, and nothing else reads them", () => {
  const said = place.workloads.map((each) => each.said);
  const known = { ...place, trust: { ...place.trust, tlsRoots: [root] } };
  const files = (at: PlaceEntry) =>
    said.flatMap((each) =>
      trusting(each, at).containers.map(({ name, files }) => [
        `${each.workload} ${name}`,
        files["/etc/aviso/root.crt"],
      ]),
    );
  expect(files(place).filter(([, text]) => text !== undefined)).toEqual([]);
  expect(files(known).filter(([, text]) => text !== undefined)).toEqual([["aviso tls", expect.stringContaining(root)]]);
});

test("the certificate is a file of what ends TLS, the token a variable of who has to show it", () => {
  const server = place.workloads.find((each) => each.said.workload === "aviso")?.said;
  const [first, keeper] = server?.containers ?? [];
  const folders = [...new Set(issuedTo("aviso", place, registers).kept.map(({ file }) => dirname(file)))];
  expect([first?.kept, keeper?.name, keeper?.kept]).toEqual([[], "tls", folders]);
  expect(fetchedBy("aviso-nats", place, registers).kept).toMatchObject([
    { file: "/run/secrets/aviso/token", variable: "NATS_TOKEN" },
  ]);
});
