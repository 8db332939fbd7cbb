import type { CertificateEntry } from "../../model/certificates";
import type { Registers } from "../../model/registers";
import type { SecretEntry } from "../../model/secrets";
import { rows } from "./markdown";

/** Who reads what, how it gives way to the next, and who shows which certificate. No value of any. */
export function secretsSections({ secrets, certificates }: Registers, site: string): readonly string[] {
  const here = ({ place }: { readonly place: { readonly site: { readonly name: string } } }) =>
    place.site.name === site;
  return [
    "## Secrets",
    "",
    "Whoever applies the stack of Vault can read all of it.",
    "",
    ...rows(["secret", "keys", "for", "written by", "at most", "read by"], secrets.filter(here).map(secretRow)),
    "",
    "## Rotation",
    ...secrets.filter(here).flatMap(rotationOf),
    "",
    "## Certificates",
    "",
    ...rows(
      ["certificate", "names", "lives", "shown by", "another one"],
      certificates.filter(here).map(certificateRow),
    ),
  ];
}

const secretRow = ({
  mount,
  path,
  keys,
  why,
  writer,
  greatestAge,
  readers,
  pods,
  jobs,
}: SecretEntry): readonly string[] => [
  `\`${mount}/${path}\``,
  keys.join(", "),
  why,
  writer,
  `${greatestAge}`,
  [
    ...new Set([
      ...readers.map(({ place, role }) => `${place.id}-${role}`),
      ...pods.map(({ place, workload }) => `pods of ${workload} at ${place.id}`),
      ...jobs.map((job) => `jobs \`${job}\``),
    ]),
  ].join(", "),
];

const rotationOf = ({ path, rotation: { overlap, steps, test } }: SecretEntry): readonly string[] => [
  "",
  `### ${path}`,
  "",
  ...steps.map((step, i) => `${i + 1}. ${step}`),
  "",
  ...(overlap ? [`Both are valid for ${overlap}.`] : []),
  `It works if: ${test}`,
];

function certificateRow(certificate: CertificateEntry): readonly string[] {
  const { id, names, lifetime } = certificate;
  const shown =
    "hosts" in certificate ? certificate.hosts.map((host) => host.name).join(", ") : `pods of ${certificate.workload}`;
  return [id, [...new Set(names)].join(", "), `${lifetime}`, shown, takenBy(certificate)];
}

function takenBy(certificate: CertificateEntry): string {
  if (!("hosts" in certificate)) return "renewed by cert-manager";
  const { reloads, restarts } = certificate;
  if (reloads !== undefined) return `reloads ${reloads}`;
  return restarts === undefined ? "is read when it is needed" : `restarts ${restarts}, in open hours`;
}
