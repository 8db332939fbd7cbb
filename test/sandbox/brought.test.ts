import { join } from "node:path";
import { readSites } from "../../engine/world";
import { gather } from "../../model/gather";
import { broughtTo } from "../../sandbox/brought";

const { registers } = gather(readSites(join(__dirname, "..", "..", "sites")).sites);
const hostOf = (id: string) => {
  const host = registers.places.flatMap(({ hosts }) => hosts).find((each) => each.id === id);
  if (!host) throw new Error(id);
  return host;
};

test("a host is brought its own secrets and certificates, whole, and nobody else's", () => {
  const { secrets, certificates } = broughtTo(hostOf("lumi-production-ecflow-prod"), registers);
  const files = secrets.map(({ file, owner }) => `${file} ${owner}`);
  expect(files).toContain("/etc/platform/ecflow-prod/passwords/operators ecflow");
  expect(files).toContain("/etc/platform/hpc/lumi ecflow");
  expect(files.filter((file) => /leonardo|vault-/.test(file))).toEqual([]);
  expect(certificates).toEqual([
    {
      names: [
        "ecflow-prod.production.lumi.apps.dte.destination-earth.eu",
        "ecflow-prod.production.lumi.apps.dte.destination-earth.eu",
      ],
      files: {
        certificate: "/etc/platform/tls/ecflow-prod/tls.crt",
        key: "/etc/platform/tls/ecflow-prod/tls.key",
        issuers: "/etc/platform/tls/ecflow-prod/ca.crt",
      },
      owner: "ecflow",
    },
  ]);
});

test("of all hosts, every file is brought once", () => {
  for (const { hosts } of registers.places)
    for (const host of hosts) {
      const { secrets, certificates } = broughtTo(host, registers);
      const files = [
        ...secrets.map(({ file }) => file),
        ...certificates.flatMap(({ files: all }) => Object.values(all)),
      ];
      expect(new Set(files).size).toBe(files.length);
    }
});
