import fc from "fast-check";
import { commonNameOf, namesOf, ofHosts } from "../../model/certificates";
import type { Auth } from "../../model/site/need";
import { days } from "../../model/vocabulary";
import { saying } from "./platform";
import { host, platform, problemsOf, service, shows, thing, told } from "./vault";

const at = "north.production.runs.thing";
const hosts = [host("thing", 50)];

describe("a certificate", () => {
  it("is for each host of the role: its own name, and that of the service", () => {
    const { registers, problems } = platform();
    expect(problems).toEqual([]);
    const [one] = ofHosts(registers.certificates);
    expect([one?.id, one?.lifetime, one?.names]).toEqual([
      "north-production-door",
      days(30),
      ["thing-1", "door", "thing-2"].map((name) => `${name}.production.north.example.org`),
    ]);
    expect(one?.hosts.map((each) => namesOf(one, each))).toEqual(
      ["thing-1", "thing-2"].map((name) => [
        `${name}.production.north.example.org`,
        "door.production.north.example.org",
      ]),
    );
  });
});

describe("refused, with what would be allowed:", () => {
  const says = (services: Parameters<typeof service>[0][], needs: Parameters<typeof shows>[0][]) =>
    told({ runs: [saying({ hosts, services: services.map(service), needs: needs.map(shows) })] });

  it.each<Auth>([
    "tls",
    "mtls",
    "tls+password",
    "tls+token",
  ])("a service with %s whose certificate nobody renews", (auth) => {
    expect(says([{ auth }], [])[0]).toBe(
      `${at}.services.door | ${auth} | a service whose certificate somebody renews | add a need: "certificate" for it, or ownTrust: true if it makes its own`,
    );
    expect(says([{ auth, ownTrust: true }], [])).toEqual([]);
  });
  it.each<Auth>(["none", "ssh-key", "ssh-certificate"])("none with %s", (auth) =>
    expect(says([{ auth }], [])).toEqual([]));
  it("one for a service that is none", () =>
    expect(says([{}], [{}, { service: "dor" }])).toEqual([
      `${at}.needs.certificate | dor | a service of thing: door, ssh, host-metrics | did you mean "door"?`,
    ]));
  it("one by hosts that do not serve it", () =>
    expect(says([{}], [{}, { by: { role: "bastion" } }])[0]).toMatch(
      /^north\.production\.runs\.thing\.needs\.certificate \| door \| a service of bastion/,
    ));
  it("a second one for a service", () => {
    const files = { certificate: "/etc/a.crt", key: "/etc/a.key", issuers: "/etc/a.ca" };
    expect(says([{}], [{}, { files }])).toEqual([
      `${at}.needs.certificate.door | door | one need of a certificate for it; ${at} has it | leave one of them out`,
    ]);
  });
  it("one that would bear the name of somebody else's host", () =>
    expect(says([{ service: "bastion-2" }], [{ service: "bastion-2" }])).toEqual([]));
  it("one that bears the name of a host of another role", () => {
    const runs = [
      saying({
        hosts: [...hosts, host("other", 51)],
        services: [service({ service: "other" })],
        needs: [shows({ service: "other" })],
      }),
    ];
    expect(told({ runs })).toEqual([
      `${at}.services.other | other | another name than that of a host which is no thing | rename the service`,
    ]);
  });
  it.each([
    { lifetime: days(0) },
    { files: { ...shows().files, key: "key" } },
    { owner: "" },
  ])("what no agent takes: %j", (is) =>
    expect(problemsOf({ runs: [saying({ ...thing, needs: [shows(is as never)], secrets: [] })] })[0]?.path).toContain(
      "needs",
    ));
});

test("no input throws", () => {
  const junk = fc.oneof(fc.anything(), fc.constantFrom("thing", "door", "certificate", days(1), shows().files));
  const need = fc.dictionary(fc.constantFrom("need", "by", "service", "lifetime", "files", "owner", "why", "x"), junk);
  const near = fc
    .record({ by: fc.record({ role: junk }), service: junk, lifetime: junk })
    .map((is) => shows(is as never));
  fc.assert(
    fc.property(fc.array(fc.oneof(need, near, junk)), (needs) => {
      for (const { path } of problemsOf({ runs: [saying({ hosts, services: [service()], needs } as never)] }))
        expect(path).not.toBe("");
    }),
    { numRuns: 60 },
  );
});

test("the subject of a certificate is the first of its names that programs take as one", () => {
  const long = `${"standby".repeat(9)}.example.org`;
  expect(commonNameOf([long, "ecflow.example.org", "x"])).toBe("ecflow.example.org");
  expect(commonNameOf(["a".repeat(64), "x"])).toBe("a".repeat(64));
  expect(commonNameOf([long])).toBe(long);
});
