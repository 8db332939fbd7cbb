import fc from "fast-check";
import { environment, environmentCfg, whiteList } from "../../../constructs/ecflow/server";
import { ecflowSchema, usersSchema } from "../../../model/site/ecflow";
import { minutes } from "../../../model/vocabulary";

const at = "# from: here\n";
const users = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((name) => !["ecflow", "probe"].includes(name)),
  fc.record({
    is: fc.constantFrom("person", "team", "front-end"),
    rights: fc.constantFrom("read", "write"),
    paths: fc.array(fc.stringMatching(/^(\/[a-z0-9_][a-z0-9_.]{0,5}){1,3}$/), { maxLength: 3 }),
    why: fc.constant("w"),
  }),
);

/** What ecFlow's documentation says of the list, by nothing of ours. */
function readList(text: string) {
  const [version, ...lines] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const who = lines.map((line) => {
    const [name = "", paths = ""] = line.split(" ");
    return { name: name.replace(/^-/, ""), writes: !name.startsWith("-"), paths: paths === "" ? [] : paths.split(",") };
  });
  return { version, who };
}

test("of any users, a white list names the server's own account and the probe, them, and nobody else", () => {
  fc.assert(
    fc.property(users, (all) => {
      const { version, who } = readList(whiteList(at, usersSchema.parse(all)));
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(who).toEqual([
        { name: "ecflow", writes: true, paths: [] },
        { name: "probe", writes: false, paths: [] },
        ...Object.entries(all).map(([user, { rights, paths }]) => ({ name: user, writes: rights === "write", paths })),
      ]);
      expect(who.every(({ name }) => !name.includes("*"))).toBe(true);
    }),
  );
});

test("its file has keys that it knows, a line each, without quotes", () => {
  const { checkPoints } = ecflowSchema.parse({
    server: "prod",
    on: { role: "ecflow-prod" },
    service: "ecflow-prod",
    home: "/srv/home/ecf",
    users: {},
    checkPoints: { every: minutes(3) },
  });
  expect(environmentCfg(at, { checkPoints }, { ECF_JOB_CMD: "submit %ECF_JOB%" }).split("\n")).toEqual([
    "# from: here",
    "ECF_CHECKMODE = CHECK_ON_TIME",
    "ECF_CHECKINTERVAL = 180",
    "ECF_JOB_CMD = submit %ECF_JOB%",
    "",
  ]);
});

test("files are named in full, and whatever it asks by speaks TLS", () => {
  const all = environment({ port: 3141, host: "h", home: "/srv/home/ecf", folder: "/etc/f", run: "/run/r" });
  const { ECF_PORT, ECF_HOST, ECF_SSL, LANG, ...paths } = all;
  expect([ECF_PORT, ECF_HOST, ECF_SSL, LANG]).toEqual(["3141", "h", "1", "C.UTF-8"]);
  expect(Object.values(paths).filter((path) => !path.startsWith("/"))).toEqual([]);
});
