import { listed, type Problem } from "../../model/words/problem";
import { Misused } from "../misused";
import { world } from "./description";
import { commitOf, uncommittedIn } from "./git";

/** What hosts are made of: what is described, their files, what Ansible does with them, and programs that it brings. */
const folders = ["sites", "synthesized", "ansible", "exporters"];

/** What production's hosts are made of, as reviewers had it before them: a commit, or why there is none. */
export function reviewed(): { readonly commit?: string; readonly problems: readonly Problem[] } {
  if (world.name === "sandbox") return { problems: [] };
  const allowed = "what a commit has, so that what hosts get was seen by reviewers, and is found again";
  try {
    const changed = uncommittedIn(folders);
    if (changed.length === 0) return { commit: commitOf("HEAD"), problems: [] };
    const value = listed(changed);
    return {
      problems: [{ path: "configure", value, allowed, fix: "commit it, have it reviewed, or look with --check" }],
    };
  } catch (error) {
    if (!(error instanceof Misused)) throw error;
    return {
      problems: [{ path: "configure", value: error.message, allowed, fix: "work in a checkout of the repository" }],
    };
  }
}

/** The commit of which all that is described here is. @returns nothing where something differs from it, or git knows of none */
export function commitHere(): string | undefined {
  try {
    return uncommittedIn(folders).length === 0 ? commitOf("HEAD") : undefined;
  } catch (error) {
    if (!(error instanceof Misused)) throw error;
    return undefined;
  }
}
