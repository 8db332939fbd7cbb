"""Has ecFlow make the job of a task /s/t, of what is included in a folder.

usage: job.py FOLDER    its s/t.ecf and include; the job is in jobs/s/t.job0
"""

import sys

import ecflow


def main(folder: str) -> None:
    defs = ecflow.Defs()
    suite = defs.add_suite("s")
    for name, value in {"ECF_HOME": folder, "ECF_INCLUDE": f"{folder}/include", "SCHOST": "lumi"}.items():
        suite.add_variable(name, value)
    suite.add_task("t")
    made = ecflow.JobCreationCtrl()
    made.set_dir_for_job_creation(f"{folder}/jobs")
    defs.check_job_creation(made)
    if made.get_error_msg():
        sys.exit(made.get_error_msg())


main(*sys.argv[1:])
