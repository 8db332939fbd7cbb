import { join } from "node:path";
import { z } from "zod";
import { runProgram } from "./program";

/** What came of one task at one host, as `ansible/callback_plugins/databridge.py` prints it. */
const resultSchema = z.object({
  host: z.string(),
  role: z.string(),
  task: z.string(),
  status: z.enum(["ok", "changed", "failed", "unreachable", "skipped"]),
  seconds: z.number(),
  message: z.string().exactOptional(),
  note: z.string().exactOptional(),
  diff: z.string().exactOptional(),
});
export type TaskResult = z.output<typeof resultSchema>;

/** What came of a role at a host. */
export interface RoleOutcome {
  readonly host: string;
  readonly role: string;
  readonly ok: number;
  readonly changed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Tasks that changed something, or would. */
  readonly changes: readonly { readonly task: string; readonly diff?: string }[];
  /** Why it failed. */
  readonly failures: readonly string[];
  /** What a person has to do, or to know. */
  readonly notes: readonly string[];
}

/** Reads a line of output; what is none of ours is nothing. */
export function readResult(line: string): TaskResult | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return resultSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Sums up results of a role at a host. */
export function outcomeOf(results: readonly TaskResult[]): RoleOutcome {
  const count = (...statuses: readonly TaskResult["status"][]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    host: results[0]?.host ?? "",
    role: results[0]?.role ?? "",
    ok: count("ok"),
    changed: count("changed"),
    failed: count("failed", "unreachable"),
    seconds: Math.round(results.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
    changes: results
      .filter(({ status }) => status === "changed")
      .map(({ task, diff }) => ({ task, ...(diff === undefined ? {} : { diff }) })),
    failures: results.flatMap(({ task, status, message = "" }) =>
      status === "failed" || status === "unreachable" ? [`${task}: ${message}`] : [],
    ),
    notes: results.flatMap(({ note }) => note ?? []),
  };
}

/** Takes results as they come, and hands over each role of a host once it is done there. */
export class RoleOutcomes {
  private readonly open = new Map<string, TaskResult[]>();

  constructor(private readonly onDone: (outcome: RoleOutcome) => void) {}

  add(result: TaskResult): void {
    const before = this.open.get(result.host);
    if (before?.[0] && before[0].role === result.role) {
      before.push(result);
      return;
    }
    if (before) this.tell(before);
    this.open.set(result.host, [result]);
  }

  /** Nothing comes any more. */
  end(): void {
    for (const results of this.open.values()) this.tell(results);
    this.open.clear();
  }

  /** A role that is not for a host leaves out all that it does. */
  private tell(results: readonly TaskResult[]): void {
    if (results.some(({ status }) => status !== "skipped")) this.onDone(outcomeOf(results));
  }
}

export interface ConfigureProps {
  /** Where Ansible's programs are. */
  readonly programs: string;
  /** Our folder `ansible`. */
  readonly ansible: string;
  /** What tells Ansible of hosts: a program, or a file. */
  readonly inventory: string;
  /** Ids of hosts. */
  readonly hosts: readonly string[];
  /** Ids of bastions that pass on to them, and are made ready for that alone. */
  readonly through: readonly string[];
  /** Whether nothing is changed, and differences are told. */
  readonly check: boolean;
  /** Where Ansible keeps what it needs while it runs. */
  readonly work: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onDone: (outcome: RoleOutcome) => void;
}

/** What came of a run of the playbook beside the outcomes of roles. */
export interface Playbook {
  /** Why it is not done. @default - it is, or outcomes tell why */
  readonly error?: string;
  /** The file of all that it printed. */
  readonly log: string;
}

/** Runs the playbook. It is done if Ansible says so, and came to each host: a run without any is a success to Ansible. */
export async function configure(props: ConfigureProps): Promise<Playbook> {
  const { programs, ansible, inventory, hosts, through, check, work, env, onDone } = props;
  const told = new Set<string>();
  const failed = new Set<string>();
  const outcomes = new RoleOutcomes((outcome) => {
    told.add(outcome.host);
    if (outcome.failed > 0) failed.add(outcome.host);
    onDone(outcome);
  });
  const log = join(work, "configure.log");
  const besides = through.map((id) => `:!${id}`).join("");
  const { code, error } = await runProgram(
    join(programs, "ansible-playbook"),
    [
      join(ansible, "site.yml"),
      ...["--inventory", inventory],
      ...["--limit", [...hosts, ...through].join(",")],
      ...(besides === "" ? [] : ["--extra-vars", JSON.stringify({ databridge_besides: besides })]),
      ...(check ? ["--check", "--diff"] : []),
    ],
    {
      cwd: ansible,
      env: {
        ...env,
        ANSIBLE_CONFIG: join(ansible, "ansible.cfg"),
        ANSIBLE_STDOUT_CALLBACK: "databridge",
        ANSIBLE_HOME: join(work, "ansible"),
        ANSIBLE_LOCALHOST_WARNING: "False",
        LC_ALL: "C.UTF-8",
      },
      log,
      onLine: (line) => {
        const result = readResult(line);
        if (result) outcomes.add(result);
      },
    },
  );
  outcomes.end();
  const missing = hosts.filter((id) => !told.has(id));
  const errors = [
    ...(code === 0 || failed.size > 0 ? [] : [error.trim() || `ansible-playbook ended with ${code}`]),
    ...(missing.length === 0 ? [] : [`Ansible did nothing at ${missing.join(", ")}`]),
  ];
  return { log, ...(errors.length === 0 ? {} : { error: errors.join("\n") }) };
}
