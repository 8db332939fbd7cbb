import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { root } from "./project";

/** Who works here, as their commits say; else by the name of the account. In a job of GitLab it is who started it. */
export function who(): string {
  const { CI, GITLAB_USER_LOGIN } = process.env;
  if (CI && GITLAB_USER_LOGIN) return GITLAB_USER_LOGIN;
  const { stdout } = spawnSync("git", ["config", "user.name"], { cwd: root, encoding: "utf8" });
  return stdout?.trim() || userInfo().username;
}
