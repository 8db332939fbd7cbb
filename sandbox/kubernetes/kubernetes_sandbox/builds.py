"""The programs are built by Go, once, outside the checkout; each go.sum says what may be built."""

import os
import shutil
import subprocess
import time

from sandbox_machine.cache import cache
from sandbox_machine.console import step
from sandbox_machine.locks import locked
from sandbox_machine.problems import Problem, Usage

from kubernetes_sandbox.modules import MODULES, NAME

EVERY = 30  # seconds between two lines of a build that goes on


def program(name):
    """Path of a program."""
    for module in MODULES:
        if name in module.programs and (module.folder / name).exists():
            return module.folder / name
    raise Usage(f"{name} is not built · kubernetes.py build")


def build():
    """Builds what is not there; gives the folders of all programs."""
    with locked(cache() / f"{NAME}.lock"):
        for module in MODULES:
            if not module.folder.is_dir():
                make(module)
    return [module.folder for module in MODULES]


def make(module):
    """Builds in a folder aside; what is built gets its place once all is well."""
    if not shutil.which("go"):
        raise Usage("no go on PATH: the programs of a cluster are built by it")
    work = cache() / f"{NAME}-{module.name}.building"
    shutil.rmtree(work, ignore_errors=True)
    (work / "built").mkdir(parents=True)
    for file in ("go.mod", "go.sum"):
        (work / file).write_text(module.text(file))
    told = f"{', '.join(module.programs)} {module.version}"
    print(f"building {told} · about {module.minutes} minutes of two idle cores", flush=True)
    with step("kubernetes", f"{module.name} {module.version}"):
        compiled(module, work)
    (work / "built").rename(module.folder)
    shutil.rmtree(work)


def compiled(module, work):
    """Runs Go with little claim to the machine, and tells from time to time how far it is."""
    alone = len(module.programs) == 1
    # With a slash at its end it is the folder of several.
    out = f"{work}/built/{module.programs[0] if alone else ''}"
    packages = [f"{module.path}/{package}".rstrip("/") for package in module.packages]
    command = ["nice", "go", "build", "-v", "-trimpath", f"-ldflags={module.linked}", "-o", out]
    flags = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off", "GOTOOLCHAIN": "auto"}
    log = work / "go.log"
    begin = time.monotonic()
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command, *packages],
            cwd=work,
            env={**os.environ, **flags},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as go,
    ):
        while True:
            try:
                code = go.wait(EVERY)
                break
            except subprocess.TimeoutExpired:
                # Go tells a line for each package that it compiles.
                done = len(log.read_text().splitlines())
                print(f"  {module.name}: {done} packages, {time.monotonic() - begin:.0f} s", flush=True)
            except BaseException:
                go.terminate()
                raise
    if code:
        raise Problem(f"go build failed; all of its output is in {log}", log)
