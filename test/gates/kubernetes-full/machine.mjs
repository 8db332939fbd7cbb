// What processes have open on this machine, and what is left of them.
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Where a process listens: 127.0.0.1:6443. @param {number} pid @returns {string[]} */
export function listeners(pid) {
  const folder = `/proc/${pid}/fd`;
  const sockets = readdirSync(folder).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
    } catch {
      return []; // closed meanwhile
    }
  });
  return ["tcp", "tcp6"].flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === listening && sockets.includes(fields[9] ?? ""))
      .map((fields) => shown(fields[1] ?? "")),
  );
}

const listening = "0A";

/** Of IPv4 as it is written; of IPv6 as the kernel has it. @param {string} hexadecimal */
function shown(hexadecimal) {
  const [address = "", port = ""] = hexadecimal.split(":");
  const bytes =
    address.length === 8 ? (address.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)) : [address];
  return `${bytes.join(".")}:${Number.parseInt(port, 16)}`;
}

/** What is left. @param {readonly number[]} pids @param {readonly string[]} files @returns {(number | string)[]} */
export const isEnded = (pids, files) => [
  ...pids.filter((pid) => existsSync(`/proc/${pid}/exe`)),
  ...files.filter(existsSync),
];
