import { type PlaceEntry, publicAddressOf } from "../../model/entries";
import type { Registers } from "../../model/registers";
import type { Site } from "../../model/site/site";
import { flowsOf, type Standing, standingOf } from "../../model/standing";
import { counted } from "../../model/words/problem";
import { accountRequests, accountText } from "../requests/accounts";
import { firewallRequests, requestText } from "../requests/firewall";
import { quotaRequests, quotaText } from "../requests/quota";
import { contactOf, supportOf } from "./contacts";
import { diagramOf } from "./diagram";
import { daysOf, endingOf, ringingOf } from "./ends";
import { flowsSection } from "./flows";
import { rows, verbatim } from "./markdown";
import { secretsSections } from "./secrets";
import { standingSections } from "./standing";

/** The last line of a page, by which one knows that a command wrote it, and may take it away. */
export const writtenBy = "This page is written by `npx databridge docs`.";

/**
 * All that is described of a site, as a page: `docs/sites/<site>.md`. The same for the same description, whatever the day; no value of any
 * secret.
 * @param runbooks pages for what stands there, by title
 */
export function sitePage(registers: Registers, site: Site, runbooks: ReadonlyMap<string, string>): string {
  const places = registers.places.filter((place) => place.site.name === site.name);
  return [
    `# ${site.name}`,
    "",
    ...summary(registers, site, places),
    "",
    "[At 3 a.m.](#at-3-am) · [What stands here](#what-stands-here) · [Flows](#flows) · [Secrets](#secrets) · [What ends](#what-ends) · " +
      "[What rings](#what-rings) · [To ask for](#to-ask-for)",
    "",
    "## At 3 a.m.",
    "",
    ...rows(["", ""], atNight(registers, site, places, runbooks)),
    "",
    "## What stands here",
    "",
    ...diagramOf(registers, places),
    ...places.flatMap((place) => standingSections(place)),
    "",
    "## Flows",
    ...places.flatMap((place) => flowsSection(place, registers)),
    "",
    ...secretsSections(registers, site.name),
    "",
    "## What ends",
    "",
    ...daysOf(registers, site.name),
    "",
    "Of what renews itself, or has to be renewed, hosts tell. [What to do](../runbooks/expiry.md).",
    "",
    ...endingOf(registers, site.name),
    "",
    "## What rings",
    "",
    "Each alert names the page that tells what to do.",
    "",
    ...ringingOf(registers, site.name),
    "",
    "## To ask for",
    "",
    `Of ${supportOf(registers, site)}. As text to send, current: \`databridge request firewall ${site.name}\`, \`quota\`, \`accounts\`.`,
    ...requests(registers, site.name).flatMap((text) => ["", ...verbatim(text)]),
    "",
    writtenBy,
    "",
  ].join("\n");
}

/** What it is, in a few lines. */
function summary(registers: Registers, site: Site, places: readonly PlaceEntry[]): readonly string[] {
  const { operator, country, supercomputer } = site;
  const waiting = places.map((place) => {
    const of = (standing: Standing) =>
      flowsOf(place, registers.flows).filter((flow) => standingOf(flow, place) === standing).length;
    return `**${place.name}**: ${counted(place.hosts.length, "host")}, ${of("open")} flows open, ${of("granted")} granted, ${of("waiting")} waiting`;
  });
  return [
    `A cloud of ${operator} (${country})${supercomputer === undefined ? "" : `, beside the supercomputer ${supercomputer.name} (\`${supercomputer.host}\`)`}.`,
    "",
    ...waiting.map((each) => `- ${each}`),
    `- ${counted(registers.assumptions.filter(({ path }) => path.startsWith(`${site.name}.`)).length, "fact")} that nobody has confirmed: \`databridge assumptions ${site.name}\``,
  ];
}

/** Questions of somebody who was woken, and answers. */
function atNight(
  registers: Registers,
  site: Site,
  places: readonly PlaceEntry[],
  runbooks: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  const owners = [...new Set(places.map(({ tenancy }) => tenancy.owner))];
  const [bastion] = places.flatMap(({ hosts }) => hosts.filter(({ roles }) => roles.includes("bastion")));
  const windows = places.flatMap(({ name, tenancy: { calendar } }) =>
    calendar.forecast === undefined ? [] : [`${calendar.forecast} UTC in ${name}`],
  );
  return [
    ["who is on call", owners.map((owner) => contactOf(registers, owner)).join("; ")],
    ["who runs cloud and network", supportOf(registers, site)],
    ["what is an alert about", [...runbooks].map(([title, page]) => `[${title}](../runbooks/${page})`).join(", ")],
    [
      "how do I get in",
      bastion
        ? `\`databridge inventory ${site.name} > /dev/null\`, then \`ssh -F .databridge/ssh/config operator@<host>\`, by ${bastion.id} (${publicAddressOf(bastion) ?? "its address is not known yet"})`
        : "there is no bastion",
    ],
    [
      "is it as described",
      `\`databridge drift ${site.name}\` of the cloud, \`databridge configure ${site.name} --check\` of hosts`,
    ],
    [
      "what may I not interrupt",
      windows.length > 0 ? `the forecast, ${windows.join(", ")}: \`--incident <ticket>\` says why you do` : "nothing",
    ],
    [
      "how do I go back",
      `\`git revert --no-commit <commit>\`, \`databridge review --base HEAD\`, commit, \`databridge deploy ${site.name}\`: [what goes with it](../../README.md#go-back)`,
    ],
  ];
}

const requests = (registers: Registers, site: string): readonly string[] => {
  const here = (name: string): boolean => name === site;
  return [
    ...firewallRequests(registers, here).map(requestText),
    ...quotaRequests(registers, here).map(quotaText),
    ...accountRequests(registers, here).map(accountText),
  ];
};
