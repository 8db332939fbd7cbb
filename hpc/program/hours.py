"""When nothing is published: a forecast that loads modules meanwhile would mix two releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass(frozen=True)
class Closed:
    """Hours of each day, `02:00` to `09:00`, which may pass midnight; or days, first and last included. UTC."""

    why: str
    daily: tuple[str, str] | None = None
    days: tuple[str, str] | None = None


def closed(rules: list[Closed], now: float) -> str:
    """Why nothing is published now; empty if it may be."""
    moment = datetime.fromtimestamp(now, timezone.utc)
    day, clock = moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M")
    return next((rule.why for rule in rules if covers(rule, day, clock)), "")


def covers(rule: Closed, day: str, clock: str) -> bool:
    if rule.daily:
        begin, end = rule.daily
        return begin <= clock < end if begin <= end else clock >= begin or clock < end
    return rule.days is not None and rule.days[0] <= day <= rule.days[1]
