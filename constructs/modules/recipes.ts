import type { Recipe, SourceSpec } from "../../model/site/modules";
import { shipped } from "./shipped";

const ofGithub = (repository: string, file: string): SourceSpec => ({
  file,
  url: `https://github.com/${repository}/archive/refs/tags/{version}.tar.gz`,
});
const ofPypi = (name: string, file: string): SourceSpec => ({ file, url: `pypi:${name}=={version}` });
const tells = (run: string, finds = "{version}") => ({ run, finds });

/** What an easyconfig does not say, of each package of ECMWF. @see hpc/easyconfigs/README.md */
const facts: Readonly<Record<string, Omit<Recipe, "easyconfig">>> = {
  ecCodes: { source: ofGithub("ecmwf/eccodes", "eccodes-{version}.tar.gz"), test: tells("codes_info -v") },
  eckit: { source: ofGithub("ecmwf/eckit", "eckit-{version}.tar.gz"), test: tells("eckit-version") },
  metkit: {
    source: ofGithub("ecmwf/metkit", "metkit-{version}.tar.gz"),
    // None of its programs tells a version.
    test: tells(
      "f=$(mktemp) && echo retrieve,class=od,date=20240101,param=167 > $f && parse-mars-request --porcelain $f",
      "type=an",
    ),
  },
  FDB: { source: ofGithub("ecmwf/fdb", "fdb-{version}.tar.gz"), test: tells("fdb-info --version") },
  fckit: { source: ofGithub("ecmwf/fckit", "fckit-{version}.tar.gz"), test: tells("fckit --version") },
  fiat: { source: ofGithub("ecmwf-ifs/fiat", "fiat-{version}.tar.gz"), test: tells("fiat --version") },
  ecTrans: { source: ofGithub("ecmwf-ifs/ectrans", "ectrans-{version}.tar.gz"), test: tells("ectrans --version") },
  "ecmwf-atlas": {
    source: ofGithub("ecmwf/atlas", "ecmwf-atlas-{version}.tar.gz"),
    test: tells("atlas --version"),
  },
  mir: { source: ofGithub("ecmwf/mir", "mir-{version}.tar.gz") },
  multio: {
    source: ofGithub("ecmwf/multio", "multio-{version}.tar.gz"),
    test: tells("multio-feed 2>&1 | grep Usage", "multio-feed"),
  },
  ecFlow: {
    source: {
      file: "ecFlow-{version}-Source.tar.gz",
      url: "https://confluence.ecmwf.int/download/attachments/8650755/ecFlow-{version}-Source.tar.gz",
    },
    test: tells("ecflow_client --version"),
  },
  troika: { source: ofPypi("troika", "troika-{version}.tar.gz"), test: tells("troika --version") },
  loki: {
    source: ofGithub("ecmwf-ifs/loki", "loki-{version}.tar.gz"),
    test: tells("loki-transform.py --help", "Usage"),
  },
};

/** How software of ECMWF is built; an easyconfig is read when it is asked for. */
export const recipes: Readonly<Record<string, Recipe>> = {
  // EasyBuild has easyconfigs of it, for every toolchain. @see easybuild-easyconfigs 5.4.1
  ecBuild: {
    source: ofGithub("ecmwf/ecbuild", "{version}.tar.gz"),
    versions: ["3.7.0", "3.8.0", "3.12.0"],
    test: tells("ecbuild --version"),
  },
  ...Object.fromEntries(
    Object.entries(facts).map(([name, is]) => [
      name,
      {
        ...is,
        get easyconfig() {
          return shipped(`easyconfigs/${name}.eb`);
        },
      },
    ]),
  ),
};
