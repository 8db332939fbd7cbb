"""When nothing is published: a forecast that loads modules meanwhile would mix two releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone


@dataclass(frozen=True)
class Closed:
    """Hours of each day, `02:00` to `09:00`, which may pass midnight; or days, first and last included. UTC."""

    why: str
    daily: tuple[str, str] | None = None
    days: tuple[str, str] | None = None


def closed(rules: list[Closed], now: float) -> str:
    """Why nothing is published now, and when that is over; empty if it may be."""
    moment = datetime.fromtimestamp(now, timezone.utc)
    closing = still = [rule for rule in rules if covers(rule, moment)]
    while still:
        moment = max(end_of(rule, moment) for rule in still)
        still = [rule for rule in rules if covers(rule, moment)]
    if not closing:
        return ""
    return f"{'; '.join(rule.why for rule in closing)}; opens {moment:%Y-%m-%d %H:%M} UTC"


def covers(rule: Closed, moment: datetime) -> bool:
    day, clock = moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M")
    if rule.daily:
        begin, end = rule.daily
        return begin <= clock < end if begin <= end else clock >= begin or clock < end
    return rule.days is not None and rule.days[0] <= day <= rule.days[1]


def end_of(rule: Closed, moment: datetime) -> datetime:
    """When a rule that covers a moment ends next."""
    if rule.daily:
        end = datetime.combine(moment.date(), time.fromisoformat(rule.daily[1]), timezone.utc)
        return end if moment < end else end + timedelta(days=1)
    last = datetime.strptime(rule.days[1] if rule.days else "", "%Y-%m-%d").replace(tzinfo=timezone.utc)
    return last + timedelta(days=1)
