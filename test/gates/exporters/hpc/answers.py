#!/usr/bin/python3
"""answers.py PROGRAM: what the exporter makes of answers of login nodes: as they are, among what sites say beside, and garbled.

Ends with 1 and what is wrong, after the seed by which it was found.
"""

import importlib.util
import io
import math
import random
import re
import sys
import threading
from contextlib import redirect_stdout
from importlib.machinery import SourceFileLoader

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

sys.dont_write_bytecode = True
ROUNDS = 2000
MARK = "0123456789abcdef"
# 2026-11-27 12:00 UTC
NOW = 1795780800

ANSWERS = {
    "squeue": """\
small|PENDING|2026-11-27T11:00:00|
small|PENDING|2026-11-27T11:59:00|
small|PENDING|N/A|
small|PENDING|2026-11-27T13:00:00|
standard,small|PENDING|2026-11-27T11:30:00|
standard|RUNNING|2026-11-20T11:30:00|
standard|COMPLETING|2026-11-20T11:30:00|
elsewhere|RUNNING|2026-11-20T11:30:00|
small|WHAT_NOBODY_KNOWS|N/A|
""",
    "sinfo": """\
standard|idle|10
standard|idle*|1
standard|idle~|4
standard|drained*|2
standard|mixed-|3
standard|maint$|5
standard|allocated|1K
small|idle|7
small|what_nobody_knows|6
small|idle|N/A
elsewhere|idle|9
""",
    "sacct": """\
small|COMPLETED|2026-11-27T10:00:00|2026-11-27T10:01:00|2026-11-27T11:00:00
small|COMPLETED|2026-11-27T10:00:00|2026-11-27T10:03:00|2026-11-27T11:00:00
small|TIMEOUT|2026-11-27T10:00:00|2026-11-27T10:02:00|2026-11-27T11:00:00
small|COMPLETED|2026-11-25T10:00:00|2026-11-25T11:00:00|2026-11-25T11:00:00
small|FAILED|2026-11-25T10:00:00|2026-11-26T11:00:00|2026-11-26T13:00:00
standard|CANCELLED by 2000|2026-11-27T10:00:00|None|2026-11-27T11:00:00
standard|RUNNING|2026-11-27T10:01:00|2026-11-27T10:00:00|Unknown
standard|PENDING|Unknown|Unknown|Unknown
standard|NODE_FAIL+|2026-11-27T10:00:00|2026-11-27T10:00:30|2026-11-27T11:00:00
""",
    "modules": """\
1|48r3/standard/current|1795746034
0|49r1/standard/current|1795746035
""",
}
BUDGETS = {
    "slurm": """\
destE_p||cpu=60000,gres/gpu=1200|cpu=3,mem=0,energy=0,node=7,billing=3,gres/gpu=0
 destE_p|svc||cpu=2,mem=0,energy=0,node=7,billing=3,gres/gpu=0
deste_p_0|||cpu=3,node=7
others||cpu=5|cpu=5
""",
    "lumi-allocations": """\
Data updated: 2026-11-27 11:05:41
Project             |                    CPU (used/allocated)|               GPU (used/allocated)|           Storage (used/allocated)
--------------------------------------------------------------------------------------------------------------------------------------
others              |            5/500000   (0.0%) core/hours|     11308/10000 (113.1%) gpu/hours|        3107/5000  (62.1%) TB/hours
DestE_P             |            5/500000   (0.0%) core/hours|     11308/10000 (113.1%) gpu/hours|        3107/5000  (62.1%) TB/hours
DestE_P_0           |            657004/0    (N/A) core/hours|                                N/A|                                N/A
""",
    "saldo": """\
-----------------------------------------------------------------------------------------------------------------------------------------
account                start         end         total        localCluster   totConsumed     totConsumed     monthTotal     monthConsumed
                                             (local h)   Consumed(local h)     (local h)               %      (local h)         (local h)
-----------------------------------------------------------------------------------------------------------------------------------------
others              20240711    20260430        640000              557186        557186            87.1             0                  0
DestE_P             20260107    20270107       2000000             1205697       1205697            60.3        164383              99394
DestE_P_0           20260107    20270107          6500                   0             0             0.0             0                  0
""",
}

# Of what is told, what is not 0 and does not say how it was read.
EXPECTED = """\
hpc_jobs small pending 4
hpc_jobs small other 1
hpc_jobs standard pending 1
hpc_jobs standard running 1
hpc_jobs standard completing 1
hpc_jobs other running 1
hpc_queue_wait_oldest_seconds small 3600
hpc_queue_wait_oldest_seconds standard 1800
hpc_partition_nodes standard idle 10
hpc_partition_nodes standard not_responding 1
hpc_partition_nodes standard powered_down 4
hpc_partition_nodes standard drained 2
hpc_partition_nodes standard mixed 3
hpc_partition_nodes standard maint 5
hpc_partition_nodes standard allocated 1024
hpc_partition_nodes small idle 7
hpc_partition_nodes small other 6
hpc_jobs_ended small completed 2
hpc_jobs_ended small timeout 1
hpc_jobs_ended small failed 1
hpc_jobs_ended standard cancelled 1
hpc_jobs_ended standard node_fail 1
hpc_queue_wait_median_seconds small 120
hpc_queue_wait_p90_seconds small 180
hpc_queue_wait_median_seconds standard 15
hpc_queue_wait_p90_seconds standard 30
hpc_module_release_timestamp_seconds 48r3 standard 1795746034
hpc_module_release_timestamp_seconds 49r1 standard 1795746035
hpc_module_release_complete 48r3 standard 1
"""
SPENT = {
    "slurm": """\
hpc_budget_seconds DestE_P granted cpu 3600000
hpc_budget_seconds DestE_P used cpu 180
hpc_budget_seconds DestE_P granted gpu 72000
""",
    "lumi-allocations": """\
hpc_budget_seconds DestE_P granted cpu 1800000000
hpc_budget_seconds DestE_P used cpu 18000
hpc_budget_seconds DestE_P granted gpu 36000000
hpc_budget_seconds DestE_P used gpu 40708800
hpc_budget_seconds DestE_P_0 used cpu 2365214400
""",
    "saldo": """\
hpc_budget_seconds DestE_P granted cpu 7200000000
hpc_budget_seconds DestE_P used cpu 4340509200
hpc_budget_seconds DestE_P_0 granted cpu 23400000
""",
}
# None of it is a row of anything.
BESIDE = [
    "",
    "\t",
    "***  MAINTENANCE on 30 November, 08:00 - 18:00  ***",
    "slurm_load_jobs error: Unable to contact slurm controller",
    "| | |",
    "|||||||||||",
    "PARTITION|STATE",
    "a|b",
    "1-02:03:04",
    "UNLIMITED",
    "N/A",
    "Ψ\u2028\x1b[31mred\x1b[0m\x07",
    "x" * 5000,
]
WORDS = [
    *"|:-*~$+=,./ \t\r\n0K",
    "N/A",
    "Unknown",
    "UNLIMITED",
    "1-02:03:04",
    "-5",
    "1e999",
    "9" * 40,
    "nan",
    "\ufffd",
    "٣",
]
TIMES = ["9999-12-31T23:59:59", "0001-01-01T00:00:00", "2026-13-45T99:99:99", "2026-11-27T12:00:00"]


def main(program):
    exporter = loaded(program)
    for kind, text in BUDGETS.items():
        answers = {**ANSWERS, "budget": text}
        wanted = sorted((EXPECTED + SPENT[kind]).splitlines())
        watch = watched(exporter, kind)
        same(shown(watch, answers), wanted)
        among = {source: "\n".join(mixed(text.splitlines())) for source, text in answers.items()}
        same(shown(watched(exporter, kind), among), wanted)
        same(
            shown(watched(exporter, kind), {source: text.replace("\n", "\r\n") for source, text in answers.items()}),
            wanted,
        )
    nothing(exporter)
    cut(exporter)
    for kind, text in BUDGETS.items():
        garbled(exporter, kind, {**ANSWERS, "budget": text})
    return 0


def loaded(program):
    loader = SourceFileLoader("exporter", program)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("exporter", loader))
    sys.modules["exporter"] = module
    loader.exec_module(module)
    return module


def watched(exporter, kind):
    """A watch that hears what it is given, and whatever was said of it."""
    about = exporter.Supercomputer("lumi", "lumi", "svc", ["standard", "small"], ["DestE_P", "DestE_P_0"], kind, "/m")
    config = exporter.Config("127.0.0.1", 9811, "/ssh", 300, [about])
    watch = exporter.Watch(config, about, threading.Event())
    registry = CollectorRegistry()
    registry.register(exporter.Told([watch]))
    exporter.secrets.token_hex = lambda _: MARK

    def hears(text, errors="", code=0):
        watch.ssh = lambda _: (code, text, errors)
        with redirect_stdout(io.StringIO()):
            watch.look()
        return rows(generate_latest(registry).decode())

    return hears


def rows(text):
    """All that is told, as whoever scrapes reads it."""
    found = []
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = {name: value for name, value in sample.labels.items() if name != "supercomputer"}
            found.append((sample.name, labels, sample.value))
    return found


def answered(answers):
    parts = "".join(f"\n{MARK} begin {source}\n{text}\n{MARK} end {source} 0\n" for source, text in answers.items())
    return f"\n{MARK} at {NOW}\n{parts}\n{MARK} over\n"


def shown(hears, answers):
    found = hears(answered(answers))
    return sorted(
        " ".join([name, *labels.values(), f"{value:.0f}"])
        for name, labels, value in ordered(found)
        if value and name not in ("hpc_up", "hpc_source_up", "hpc_source_timestamp_seconds")
    )


def ordered(found):
    """Labels as they are named in what is expected: the text has them in the order of the alphabet."""
    order = ("cycle", "target", "account", "kind", "unit", "partition", "state")
    return [(name, {key: labels[key] for key in order if key in labels}, value) for name, labels, value in found]


def mixed(lines):
    for line in lines:
        yield random.choice(BESIDE)
        yield line
    yield from BESIDE


def garbled(exporter, kind, answers):
    """Whatever comes: no failure of the program, no number that cannot be, no series twice, no label out of nothing."""
    hears = watched(exporter, kind)
    for _ in range(ROUNDS):
        changed = {source: mutated(text) for source, text in answers.items()}
        text = answered(changed)
        if random.random() < 0.3:
            text = mutated(text)
        sound(hears(text, mutated(answered({"sacct": "sacct: error: it is away"}))))


def mutated(text):
    for _ in range(random.randrange(6)):
        text = changed(text)
    return text


def changed(text):
    """By a word or a sign, or by lines: cut off, exchanged, twice there, mixed with others."""
    at = random.randrange(len(text) + 1)
    to = min(len(text), at + random.randrange(1, 12))
    lines = text.split("\n")
    line = random.randrange(len(lines))
    before, this, after = lines[:line], lines[line], lines[line + 1 :]
    return random.choice(
        (
            text[:at] + random.choice(WORDS) + text[at:],
            text[:at] + random.choice(WORDS) + text[to:],
            text[:at] + text[to:],
            text[:at],
            text[:at] + chr(random.choice((random.randrange(256), random.randrange(0xD7FF)))) + text[to:],
            re.sub(r"\d{4}-\d\d-\d\dT[\d:]+", random.choice(TIMES), text, count=at % 9),
            "\n".join([*before, random.choice(BESIDE), this, *after]),
            "\n".join([*before, *after, this]),
            "\n".join([*before, this, this, *after]),
            "\n".join([*before, shuffled(this), *after]),
        )
    )


def shuffled(line):
    words = line.split("|")
    random.shuffle(words)
    return "|".join(words)


ALLOWED = {
    "partition": "standard|small|other",
    "state": "[a-z_]+",
    "source": "squeue|sinfo|sacct|budget|modules",
    "account": "DestE_P|DestE_P_0",
    "kind": "granted|used",
    "unit": "cpu|gpu|node|billing",
    "cycle": r"[\w.-]+",
    "target": r"[\w.-]+",
}


def sound(found):
    series = [(name, *labels.items()) for name, labels, _ in found]
    if len(series) != len(set(series)):
        raise ValueError(f"twice: {sorted(each for each in series if series.count(each) > 1)[0]}")
    for name, labels, value in found:
        if not (value >= 0 and math.isfinite(value)):
            raise ValueError(f"{name} {labels} {value}")
        for key, word in labels.items():
            if not re.fullmatch(ALLOWED[key], word):
                raise ValueError(f"{name} {key} {word!r}")


def nothing(exporter):
    """An answer of which nothing is understood is none; that none of our jobs is there is one."""
    for source, text, wanted in (
        ("squeue", "", 1),
        ("squeue", "*** MAINTENANCE ***", 0),
        ("sacct", "", 1),
        ("sacct", "Slurm accounting storage is disabled", 0),
        ("sinfo", "", 0),
        ("sinfo", "elsewhere|idle|9", 0),
        ("budget", "others||cpu=5|cpu=5", 0),
        ("modules", "", 1),
    ):
        found = works(watched(exporter, "slurm")(answered({source: text})))
        same((source, text, found[source]), (source, text, wanted))


def cut(exporter):
    """What came as a whole before a connection broke is heard, and nothing of what lacks its end."""
    text = answered({**ANSWERS, "budget": BUDGETS["slurm"]})
    broken = text[: text.index(f"{MARK} end sinfo")]
    found = watched(exporter, "slurm")(broken, "client_loop: send disconnect: Broken pipe", 255)
    same(works(found), {"up": 0, "squeue": 1, "sinfo": 0, "sacct": 0, "budget": 0, "modules": 0})
    lost = re.sub(f"{MARK} end squeue 0.*{MARK} begin sinfo", "", text, flags=re.DOTALL)
    found = watched(exporter, "slurm")(lost)
    same(works(found), {"up": 1, "squeue": 0, "sinfo": 0, "sacct": 1, "budget": 1, "modules": 1})


def works(found):
    return {labels.get("source", "up"): value for name, labels, value in found if name in ("hpc_up", "hpc_source_up")}


def same(found, wanted):
    if found != wanted:
        raise ValueError(f"{found}\n  is not {wanted}")


if __name__ == "__main__":
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    random.seed(seed)
    sys.exit(main(*sys.argv[1:]))
