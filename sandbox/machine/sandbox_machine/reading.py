"""Values of parsed JSON, each taken by a check that says what is wrong with it."""

import ipaddress
import re

from sandbox_machine.problems import Usage

# Names become names of machines, namespaces and files.
NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,46}[a-z0-9])?")


class Reader:
    """Takes values out of JSON and says where one is wrong."""

    def __init__(self, value, where):
        if not isinstance(value, dict):
            raise Usage(f"{where}: an object is needed")
        self.value, self.where = dict(value), where

    def take(self, key, check, *default):
        if key not in self.value and default:
            return default[0]
        try:
            return check(self.value.pop(key))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            words = "is missing" if isinstance(error, KeyError) else str(error)
            raise Usage(f"{self.where}.{key}: {words}") from error

    def each(self, key, read):
        rows = self.take(key, list, [])
        return [read(Reader(row, f"{self.where}.{key}[{place}]")) for place, row in enumerate(rows)]

    def end(self, made):
        if self.value:
            raise Usage(f"{self.where}: nothing is known of {', '.join(sorted(self.value))}")
        return made


def named(rows, where):
    """Rows by their name, which none shares."""
    found = {row.name: row for row in rows}
    if len(found) != len(rows):
        raise Usage(f"{where}: a name is there twice: {', '.join(row.name for row in rows)}")
    return found


def text(value):
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no name of lower-case letters, digits, dots and dashes")
    return value


def address(value):
    return str(ipaddress.IPv4Address(value))


def addresses(values):
    return tuple(address(value) for value in values)


def addressed(values):
    return {name: address(value) for name, value in values.items()}


def cidr(value):
    return str(ipaddress.IPv4Network(value))


def positive(value):
    if int(value) < 1:
        raise ValueError("at least 1")
    return int(value)


def optional(check):
    return lambda value: None if value is None else check(value)


def among(values):
    def check(value):
        if value not in values:
            raise ValueError(f"{value!r} · allowed: {', '.join(str(one) for one in values)}")
        return value

    return check
