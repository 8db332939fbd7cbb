import { firewallRequests, requestText } from "../../operate/firewall-request";
import { isWanted, soundDescription } from "../project/description";

/** `databridge request firewall [site…]`. @returns the exit code */
export async function runRequestFirewall(
  sites: readonly string[],
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  const registers = soundDescription(sites, json);
  if (!registers) return 1;
  const sheets = firewallRequests(registers, (site) => isWanted(site, sites));
  if (json) console.log(JSON.stringify(sheets, undefined, 2));
  else if (sheets.length === 0) console.log("nobody else has to open anything");
  else console.log(sheets.map(requestText).join("\n\n\n"));
  return 0;
}
