"""Each module of a release is loaded from it, and does what it should."""

import json
from pathlib import Path

import reframe as rfm
import reframe.utility.sanity as sn
from reframe.core.builtins import parameter, run_after, run_before, sanity_function

MODULES = json.loads((Path(__file__).parent.parent / "release.json").read_text())["modules"]


@rfm.simple_test
class ReleasedModule(rfm.RunOnlyRegressionTest):
    released = parameter(MODULES, fmt=lambda each: each["module"])
    valid_systems = ["databridge:target"]
    valid_prog_environs = ["builtin"]

    @run_after("init")
    def what(self):
        self.descr = self.released["module"]
        self.modules = [self.released["module"]]
        self.executable = self.released["run"] or "true"

    @run_before("run")
    def where(self):
        # Another module of that name, of the site, is none of the release.
        self.postrun_cmds = [
            'code=$?; case ":$_LMFILES_" in *:"$DATABRIDGE_RELEASE/modules/all/'
            + self.released["module"]
            + '".*) echo "databridge: of the release" ;; esac; (exit $code)'
        ]

    @sanity_function
    def finds(self):
        said = [
            sn.assert_eq(self.job.exitcode, 0, "its command has failed"),
            sn.assert_found("databridge: of the release", self.stdout, "the module that is loaded is another"),
        ]
        if self.released["finds"]:
            said.append(sn.assert_found(self.released["finds"], self.stdout))
        return sn.all(said)
