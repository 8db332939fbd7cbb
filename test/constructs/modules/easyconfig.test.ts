import {
  fullName,
  lacks,
  moduleOf,
  type Package,
  readEasyconfig,
  render,
} from "../../../constructs/modules/easyconfig";
import { shipped, shippedIn } from "../../../constructs/modules/shipped";
import { softwareSchema } from "../../../model/site/software";
import { ofEasyBuild, ofModule, ofSystem } from "../../../model/vocabulary";

const target = (is: object) => {
  const software = softwareSchema.parse({
    prefix: "/appl",
    python: { program: "python3" },
    targets: { cpu: { toolchain: "cpeGNU/24.03", ...is } },
  });
  const found = software.targets.cpu;
  if (!found) throw new Error("it is there");
  return found;
};

const text = `name = 'tiles'
version = '@version@'
toolchain = '@toolchain@'
toolchainopts = {'usempi': True}
checksums = ['@sha256@']

builddependencies = [
    '@CMake@',
    '@ecBuild@',
]

dependencies = [
    '@eckit@',
    '@netCDF@',
    '@zlib@',
    '@Boost@',
]

configopts = ' '.join([
    '-DA=ON',
    '@options@',
])
`;

const named = (name: string, version: string, is: Partial<Package> = {}): Package => ({
  name,
  version,
  system: false,
  suffix: "",
  ...is,
});
const packages = new Map(
  [named("eckit", "1.32.4"), named("ecBuild", "3.12.0", { system: true })].map((each) => [each.name, each]),
);
const given = {
  CMake: ofEasyBuild("3.29.3", "SYSTEM"),
  netCDF: ofModule("cray-netcdf/4.9"),
  zlib: ofSystem,
  Boost: ofEasyBuild("1.85.0", "GCC/13.3.0"),
};

test("words give way to what they stand for, and lines go whose package the system has", () =>
  expect(
    render(text, { name: "tiles", version: "1.0", sha256: "abc", target: target({ given }), packages }),
  ).toBe(`name = 'tiles'
version = '1.0'
toolchain = {'name': 'cpeGNU', 'version': '24.03'}
toolchainopts = {'usempi': True}
checksums = ['abc']

builddependencies = [
    ('CMake', '3.29.3', '', SYSTEM),
    ('ecBuild', '3.12.0', '', SYSTEM),
]

dependencies = [
    ('eckit', '1.32.4'),
    ('cray-netcdf/4.9', EXTERNAL_MODULE),
    ('Boost', '1.85.0', '', ('GCC', '13.3.0')),
]

configopts = ' '.join([
    '-DA=ON',
])
`));

test("with the compilers of the system, its modules are needed again where it is used", () => {
  const system = target({
    toolchain: "SYSTEM",
    requires: ["gcc/12.2.0"],
    given,
    options: { tiles: ["-DB=ON", "-DC=80;90"] },
  });
  const rendered = render(text, { name: "tiles", version: "1.0", sha256: undefined, target: system, packages });
  expect(rendered).toContain("toolchain = SYSTEM\nchecksums = [None]\n");
  expect(rendered).toContain("dependencies = [\n    ('gcc/12.2.0', EXTERNAL_MODULE),\n    ('eckit', '1.32.4'),\n");
  expect(rendered).toContain("    ('ecBuild', '3.12.0'),\n");
  expect(rendered).toContain("    '-DB=ON',\n    '\"-DC=80;90\"',\n");
});

test("a module is called as EasyBuild calls it", () => {
  const at = target({});
  const client = named("ecFlow", "5.16.0", { suffix: "-client" });
  expect([
    fullName(client, at),
    moduleOf(client, at),
    moduleOf(named("ecBuild", "3.12.0", { system: true }), at),
  ]).toEqual(["ecFlow-5.16.0-cpeGNU-24.03-client", "ecFlow/5.16.0-cpeGNU-24.03-client", "ecBuild/3.12.0"]);
});

test.each(
  shippedIn("easyconfigs", ".eb"),
)("%s says its name, words for what differs, and how far it was tried", (file) => {
  const easyconfig = shipped(`easyconfigs/${file}`);
  expect(easyconfig).toContain(`\nname = '${file.replace(/\.eb$/, "")}'\nversion = '@version@'\n`);
  expect(easyconfig).toMatch(/checksums'? ?[=:] \['@sha256@'\]/);
  expect(easyconfig.trimEnd().split("\n").at(-1)).toMatch(/^# (built|parsed only|version not verified)/);
  expect(lacks(easyconfig)).toEqual([]);
});

test("ours need what their packages need", () => {
  const needs = (name: string) => readEasyconfig(shipped(`easyconfigs/${name}.eb`)).needs;
  expect([needs("metkit"), needs("FDB"), needs("troika")]).toEqual([
    ["CMake", "ecBuild", "eckit", "ecCodes"],
    ["CMake", "ecBuild", "eckit", "ecCodes", "metkit"],
    ["Python", "PyYAML"],
  ]);
});

test.each([
  [text.replace("'@version@'", "'1.0'"), ["'@version@'"]],
  [text.replace("['@sha256@']", "[]"), ["'@sha256@'"]],
  [
    text.replace("    '@zlib@',\n    '@Boost@',\n", "    '@zlib@', '@Boost@',\n"),
    ["'@zlib@' on a line of its own, with a comma", "'@Boost@' on a line of its own, with a comma"],
  ],
  [
    text.replace("toolchainopts = {'usempi': True}", "toolchainopts = {\n    'usempi': True,\n}"),
    ["toolchainopts on one line"],
  ],
])("an easyconfig that is no template says what it lacks", (wrong, told) => expect(lacks(wrong)).toEqual(told));
