// Who may know whom; docs/decisions and README say why.
const engine = "^node_modules/(cdktf|constructs|@cdktf)/|^packages/provider-openstack/";
const cdktfAnywhere = { path: engine, reachable: true };

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "acyclic", severity: "error", from: {}, to: { circular: true, dependencyTypesNot: ["type-only"] } },
    {
      name: "description-loads-no-engine",
      comment: "Checking all sites, Ansible and review must not pay for cdktf, nor break with it.",
      severity: "error",
      from: { path: "^(model|sites|policy|operate|review)/|/(specs?|config)\\.ts$|^constructs/files\\.ts$" },
      to: cdktfAnywhere,
    },
    {
      name: "sites-see-words-and-specs",
      severity: "error",
      from: { path: "^sites/" },
      to: { pathNot: "^model/vocabulary\\.ts$|^constructs/(specs|[^/]+/spec)\\.ts$|^sites/shared/" },
    },
    {
      name: "model-stands-alone",
      comment: "It reads no files; of Node it has what reads a certificate.",
      severity: "error",
      from: { path: "^model/" },
      to: { path: "^(?!model/|node_modules/|crypto$)" },
    },
    {
      name: "policy-knows-the-model-alone",
      severity: "error",
      from: { path: "^policy/" },
      to: { path: "^(?!policy/|model/|node_modules/)" },
    },
    {
      name: "constructs-look-down",
      severity: "error",
      from: { path: "^constructs/" },
      to: { path: "^(stacks|sites|policy|operate|review|cli|main)" },
    },
    {
      name: "stacks-look-down",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^(sites|policy|operate|review|cli|main)" },
    },
    {
      name: "engine-looks-down",
      severity: "error",
      from: { path: "^engine/" },
      to: { path: "^(constructs|stacks|sites|policy|operate|review|cli|main)" },
    },
    {
      name: "operate-looks-down",
      severity: "error",
      from: { path: "^operate/" },
      to: { path: "^(constructs|stacks|sites|cli|main)" },
    },
    {
      name: "sandbox-knows-the-model-alone",
      severity: "error",
      from: { path: "^sandbox/.*\\.ts$" },
      comment: "And what renders the files that hosts boot with, and what a cloud told that it holds.",
      to: {
        path: "^(?!sandbox/|model/|constructs/[^/]+/config\\.ts$|operate/openstack/inventory\\.ts$|node_modules/)",
      },
    },
    {
      name: "review-knows-the-model-alone",
      severity: "error",
      from: { path: "^review/" },
      to: { path: "^(?!review/|policy/|model/|node_modules/)", dependencyTypesNot: ["core"] },
    },
    {
      name: "only-engine-constructs-and-stacks-know-cdktf",
      severity: "error",
      from: { pathNot: "^(engine|constructs|stacks|test)/|^node_modules/|^packages/" },
      to: { path: engine },
    },
    {
      name: "submodules-of-providers-only",
      comment: "The index of a provider loads hundreds of modules.",
      severity: "error",
      from: { pathNot: "^node_modules/" },
      to: { path: "@cdktf/provider-[^/]+/lib/index\\." },
    },
    {
      name: "library-is-for-others",
      comment: "What other repositories see is put together there; our own programs import what they need.",
      severity: "error",
      from: { pathNot: "^(library|test)/" },
      to: { path: "^library/" },
    },
    {
      name: "library-knows-no-site",
      severity: "error",
      from: { path: "^library/.*\\.ts$" },
      to: { path: "^(sites|cli)/", reachable: true },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules|packages/provider-openstack/lib" },
    exclude: { path: "\\.build/|cdktf\\.out/|^test/library/consumer/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "default", "types"] },
  },
};
