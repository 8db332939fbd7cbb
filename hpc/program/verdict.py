"""What ReFrame's report says. @see ReFrame 4.10, "Run reports": `runs`, `testcases`, `result`"""

from __future__ import annotations

import json
from typing import Any

from problems import Refused


def failures(report: str, expected: int) -> list[str]:
    """A line for each check that did not pass. A report of other checks than there are modules is no verdict."""
    try:
        cases: list[dict[str, Any]] = json.loads(report)["runs"][-1]["testcases"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused(f"ReFrame's report cannot be read: {error!r}") from error
    if len(cases) != expected:
        raise Refused(f"ReFrame has run {len(cases)} checks, and there are {expected} modules")
    return [
        f"{case.get('display_name', case.get('name'))}: {case.get('fail_phase')}: {case.get('fail_reason')}"
        for case in cases
        if case.get("result") != "pass"
    ]
