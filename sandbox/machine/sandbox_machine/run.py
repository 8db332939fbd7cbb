"""Programs of the machine, run to their end."""

import subprocess

from sandbox_machine.problems import Problem


def run(*command, text=None, check=True):
    """Output of a program; raises Problem with what it complained about."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if check and done.returncode:
        raise Problem(f"{' '.join(words)}: {(done.stderr or done.stdout).strip() or f'exit code {done.returncode}'}")
    return done.stdout


def logged(log, *command, **keywords):
    """Runs a long program with its output in a file."""
    with log.open("a") as out:
        done = subprocess.run(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, **keywords
        )
    if done.returncode:
        raise Problem(f"{command[0]} failed; all of its output is in {log}", log)
