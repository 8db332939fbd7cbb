import { filesOf } from "../../../constructs/files";
import { bastion, cluster, ecflow, proxy } from "../../../constructs/specs";
import { gather } from "../../../model/gather";
import type { Component } from "../../../model/site/component";
import type { SupercomputerFacts } from "../../../model/site/supercomputer";
import { hours, operatorCertificate, person, service } from "../../../model/vocabulary";
import { learned, north, tenancy } from "../../model/platform";
import { installing, software, withSoftware } from "../modules/software";

const edge = [bastion(), proxy()];
const submits = ecflow("prod", { submitsTo: ["polaris"], standby: true });
const told = "/etc/platform/hpc/exporter.json";
const unit = "/etc/systemd/system/hpc-exporter-ecflow.service";

/** `north` with other facts about its supercomputer. */
function site(
  facts: Partial<SupercomputerFacts>,
  runs: readonly Component[],
  environment: "production" | "experiments",
) {
  const { supercomputer, ...rest } = north({ [environment]: tenancy({ environment, runs: [...edge, ...runs] }) });
  if (!supercomputer) throw new Error("north has a supercomputer");
  return { ...rest, supercomputer: { ...supercomputer, facts: { ...supercomputer.facts, ...facts } } };
}

/** What hosts of a site have of the exporter, by host and path. */
function filesAt(described: unknown) {
  const { registers, problems } = learned([described]);
  expect(problems).toEqual([]);
  return registers.places.flatMap((place) =>
    place.hosts.flatMap((host) =>
      filesOf(host, place, registers)
        .filter(({ path }) => path === told || path.includes("hpc-exporter"))
        .map((file) => ({ host, ...file })),
    ),
  );
}

const aboutAt = (described: unknown) =>
  JSON.parse(filesAt(described).find(({ path }) => path === told)?.text ?? "null");

test("hosts that log in tell Prometheus, and not those that wait", () => {
  const files = filesAt(site({}, [submits], "production"));
  expect(files.map(({ host, path, restarts }) => [host.name, path, restarts])).toEqual([
    ["ecflow-prod", told, "hpc-exporter-ecflow.service"],
    ["ecflow-prod", unit, "hpc-exporter-ecflow.service"],
  ]);
  expect(filesAt(site({}, [ecflow("own")], "production"))).toEqual([]);
});

test("it listens at the host's own address, and asks as the environment does", () => {
  const accounts = { production: { ...service("svc", "project", "project_0"), work: "/scratch/project" } };
  const described = site({ accounts }, [submits], "production");
  const [file] = filesAt(described);
  expect(aboutAt(described)).toEqual({
    listen: `${file?.host.address}:9811`,
    ssh: "/etc/platform/hpc/ssh_config",
    every: 300,
    supercomputers: [
      {
        name: "polaris",
        connection: "polaris",
        user: "svc",
        partitions: ["standard"],
        accounts: ["project", "project_0"],
        budget: { kind: "none" },
      },
    ],
  });
});

test("it runs as the account that logs in, and not again where it is told what it cannot do", () => {
  const text = filesAt(site({}, [submits], "production")).find(({ path }) => path === unit)?.text;
  expect(text).toContain(
    `\nUser=ecflow\nGroup=ecflow\nExecStart=/usr/local/lib/platform-hpc/platform-hpc-exporter ${told}\n`,
  );
  expect(text).toContain("\nRestartPreventExitStatus=2\nUMask=0027\nLimitCORE=0\n");
});

test("a budget is read where the site file says that it is", () => {
  expect(aboutAt(site({ budget: "slurm" }, [submits], "production")).supercomputers[0].budget).toEqual({
    kind: "slurm",
  });
  const { problems } = gather([site({ budget: "gold" as "slurm" }, [submits], "production")]);
  expect(problems.map(({ path, value, allowed }) => [path, value, allowed])).toEqual([
    ["north.supercomputer.budget", "gold", "slurm, lumi-allocations, saldo"],
  ]);
});

test("releases are looked at where the tenancy installs software at its own supercomputer", () => {
  const runs = [...edge, cluster({ servers: 1, workers: 1 }), installing(), submits];
  // Without a key that a Vault would have to keep.
  const login = { ca: "https://ca.example.org", fingerprint: "ab", lifetime: hours(12), renewal: "automatic" } as const;
  const { supercomputers } = aboutAt(withSoftware({ runs }, { auth: operatorCertificate(login), agreement: "A-1" }));
  expect(supercomputers[0].modules).toBe(`${software.prefix}/production`);
});

test("what people compute is theirs", () => {
  const people = { jdoe: { ...person("doejohn", "p"), work: "/scratch/doe" } };
  const { production } = { production: { ...service("svc", "p"), work: "/scratch/p" } };
  expect(filesAt(site({ people, accounts: { production } }, [submits], "experiments"))).toEqual([]);
  const { supercomputers } = aboutAt(site({ people, accounts: { experiments: production } }, [submits], "experiments"));
  expect(supercomputers.map(({ user }: { readonly user: string }) => user)).toEqual(["svc"]);
});
