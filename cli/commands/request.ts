import type { Registers } from "../../model/registers";
import { accountRequests, accountText } from "../../operate/requests/accounts";
import { firewallRequests, requestText } from "../../operate/requests/firewall";
import { quotaRequests, quotaText } from "../../operate/requests/quota";
import { isWanted, soundDescription } from "../project/description";

/** What is asked for. */
export type Request = keyof typeof requests;

const requests = {
  firewall: sheets(firewallRequests, requestText, "nobody else has to open anything"),
  quota: sheets(quotaRequests, quotaText, "no project is needed"),
  accounts: sheets(accountRequests, accountText, "nobody needs an account at a supercomputer"),
};

/** `databridge request firewall|quota|accounts [site…]`. @returns the exit code */
export async function runRequest(
  what: Request,
  sites: readonly string[],
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const { found, text } = requests[what](registers, (site) => isWanted(site, sites));
  console.log(json ? JSON.stringify(found, undefined, 2) : text);
  return 0;
}

function sheets<T>(
  of: (registers: Registers, isWanted: (site: string) => boolean) => readonly T[],
  text: (sheet: T) => string,
  none: string,
) {
  return (registers: Registers, isWanted: (site: string) => boolean) => {
    const found = of(registers, isWanted);
    return { found, text: found.length === 0 ? none : found.map(text).join("\n\n\n") };
  };
}
