"""What keeps something from being done, and the code that the program then exits with."""

from __future__ import annotations

DONE, FAILED, MISUSED, LATER, LOGIN, BUSY = 0, 1, 2, 3, 4, 75


class Refused(Exception):
    """Something that a person, or a later run, has to look at."""

    code = FAILED


class Misused(Refused):
    code = MISUSED


class LoginNeeded(Refused):
    """The site does not let us in until a person has logged in."""

    code = LOGIN


class HostKeyChanged(Refused):
    """Nobody may log in before a person has looked."""


class Busy(Refused):
    """Another has a lease, which is a file at the site."""

    code = BUSY

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.file = file


class Lost(Refused):
    """The site is not reached now. It may be, a moment later."""


class Later(Exception):
    """No failure: another run goes on."""


def worst(codes: list[int]) -> int:
    """The code of several installations: what has failed says more than what another does."""
    order = (FAILED, LOGIN, MISUSED, BUSY, LATER)
    return next((code for code in order if code in codes), DONE)
