"""What may go wrong in a way that is told in words, with the exit code that says which way."""


class Problem(Exception):
    """A step failed; `log` names the file whose end says why."""

    code = 1

    def __init__(self, message, log=None):
        super().__init__(message)
        self.log = log


class Usage(Problem):
    """The command cannot be done here, or not in this way."""

    code = 2


class Missing(Problem):
    """Debian packages are not installed."""

    code = 3
