import type { CertificateEntry } from "../model/certificates";
import type { Registers } from "../model/registers";
import type { SecretEntry } from "../model/secrets";
import type { SignalEntry } from "../model/signal-entries";
import { severities } from "../model/site/signal";
import { lastDay, ownLabels, ringsAt } from "./signal-words";

/** What a site has of secrets and certificates, and what of it ends, as a page: `docs/sites/<site>.md`. No value of any. */
export function secretsPage({ secrets, certificates, signals }: Registers, site: string): string {
  const here = ({ place }: { readonly place: { readonly site: { readonly name: string } } }) =>
    place.site.name === site;
  return [
    `# Secrets and certificates of ${site}`,
    "",
    "Who reads what, how it gives way to the next, and who is rung before it ends. Whoever applies the stack of Vault can read all of it.",
    "",
    "## Secrets",
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
    "",
    "## What ends",
    "",
    "Where a row names hosts, they tell; a day is known from the description. [What to do](../runbooks/expiry.md).",
    "",
    ...rows(
      ["what", "of", "told by", ...severities, "rings"],
      signals.filter(({ labels }) => labels.site === site).map(signalRow),
    ),
    "",
    `This page is written by \`npx databridge secrets ${site} --markdown > docs/sites/${site}.md\`.`,
    "",
  ].join("\n");
}

const rows = (head: readonly string[], all: readonly (readonly string[])[]): readonly string[] =>
  all.length === 0 ? ["None."] : [line(head), line(head.map(() => "---")), ...all.map(line)];

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const secretRow = ({ mount, path, keys, why, writer, greatestAge, readers, pods }: SecretEntry): readonly string[] => [
  `\`${mount}/${path}\``,
  keys.join(", "),
  why,
  writer,
  `${greatestAge}`,
  [
    ...new Set([
      ...readers.map(({ place, role }) => `${place.id}-${role}`),
      ...pods.map(({ place, workload }) => `pods of ${workload} at ${place.id}`),
    ]),
  ].join(", "),
];

const rotationOf = ({ path, rotation: { overlap, steps, test } }: SecretEntry): readonly string[] => [
  "",
  `### ${path}`,
  "",
  ...steps.map((step, i) => `${i + 1}. ${step}`),
  "",
  ...(overlap ? [`Both are valid for ${overlap}. `] : []),
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

const signalRow = (signal: SignalEntry): readonly string[] => [
  signal.what,
  [signal.labels.tenancy ?? "", ownLabels(signal)].join(" ").trim(),
  toldBy(signal),
  ...severities.map((severity) => ringsAt(signal, severity)),
  signal.owner,
];

function toldBy({ by }: SignalEntry): string {
  if ("ends" in by) return lastDay(by.ends);
  return "pods" in by ? "nobody yet: pods" : by.hosts.map(({ host }) => host.name).join(", ");
}
