"""The language in which runs are chosen, as `tracequery` has it: runc, runc/redis-server, label:NAME, …"""

import re
from dataclasses import dataclass

from .errors import NO, USAGE, Failure

HELP = (
    "a selection is runtime, runtime/workload, /workload, run:12, label:NAME, kernel:RELEASE or tracer:NAME, "
    "joined by ',' (or) and '+' (and)")
TERM = re.compile(
    r"(?P<all>\*)|/(?P<workload>[A-Za-z0-9._-]+)|(?P<key>[A-Za-z0-9._-]+):(?P<value>[A-Za-z0-9._~-]+)"
    r"|(?P<runtime>[A-Za-z0-9._-]+)(/(?P<pair>[A-Za-z0-9._-]+))?")
KEYS = ("run", "label", "kernel", "tracer")


@dataclass(frozen=True)
class Run:
    number: int
    uuid: str
    runtime: str
    workload: str
    label: str | None
    status: str
    lost: int | None
    condition: int
    kernel: str
    tracer: str

    @property
    def group(self):
        return (self.condition, self.runtime, self.workload, self.status)

    @property
    def loss(self):
        if self.lost is None:
            return "losses unknown"
        return "1 event lost" if self.lost == 1 else f"{self.lost} events lost"

    @property
    def told(self):
        lossy = f", {self.loss}" if self.lost != 0 else ""
        return f"run:{self.number} ({self.status}{lossy})"


@dataclass(frozen=True)
class Chosen:
    """The runs of a selection, those that their status left out, and the groups that they make up."""

    runs: list
    left_out: list
    groups: list | None


class Catalogue:
    """All runs of a store."""

    def __init__(self, spark):
        rows = spark.sql(
            "SELECT r.run_id, r.uuid, r.runtime, r.workload, r.label, r.status, r.lost, r.condition_id, k.release, "
            "c.tracer FROM run AS r JOIN condition AS c ON c.condition_id = r.condition_id "
            "JOIN kernel AS k ON k.kernel_id = c.kernel_id").collect()
        self.runs = sorted((Run(*row) for row in rows), key=lambda run: run.number)
        self.groups = {
            tuple(row[1:]): row[0] for row in spark.sql(
                "SELECT group_id, condition_id, runtime, workload, status FROM run_group").collect()}
        self.sizes = {}
        for run in self.runs:
            self.sizes[run.group] = self.sizes.get(run.group, 0) + 1

    def choose(self, text, any_status=False):
        """The runs of a selection.

        :raises Failure: it cannot be read, or a part of it is no run's.
        """
        if not self.runs:
            raise Failure(NO, "the store holds no run")
        chosen, named = set(), set()
        for terms in _terms(text):
            tests = [self._test(term, text) for term in terms]
            matching = [run for run in self.runs if all(test(run) for test in tests)]
            if not matching:
                raise Failure(NO, f"selection '{text}': {self._nothing(terms, tests)}; there is {self.inventory()}")
            chosen |= {run.number for run in matching}
            if any(term.group("key") == "run" for term in terms):
                named |= {run.number for run in matching}
        matching = [run for run in self.runs if run.number in chosen]
        usable = [run for run in matching if any_status or run.status == "ok"]
        left_out = [run for run in matching if not any_status and run.status != "ok"]
        asked = [run for run in left_out if run.number in named]
        if not usable or asked:
            raise Failure(
                NO, f"selection '{text}' asks for {listed(asked or left_out)}, which only --lossy includes")
        return Chosen(usable, left_out, self._whole_groups(usable))

    def inventory(self):
        """What there is, for people."""
        counts = {}
        for run in self.runs:
            name = f"{run.runtime}/{run.workload}"
            counts[name] = counts.get(name, 0) + 1
        shown = [f"{name} ({n} run{'s' * (n != 1)})" for name, n in sorted(counts.items())]
        more = f", and {len(shown) - 12} more" if len(shown) > 12 else ""
        return ", ".join(shown[:12]) + more

    def _whole_groups(self, runs):
        counts = {}
        for run in runs:
            counts[run.group] = counts.get(run.group, 0) + 1
        if any(count != self.sizes[group] or group not in self.groups for group, count in counts.items()):
            return None
        return sorted(self.groups[group] for group in counts)

    def _test(self, term, text):
        key, value = term.group("key"), term.group("value")
        if term.group("all"):
            return lambda run: True
        if term.group("workload"):
            return lambda run: run.workload == term.group("workload")
        if key == "label":
            return lambda run: run.label == value
        if key == "tracer":
            return lambda run: run.tracer == value
        if key == "kernel":
            # The release, or its beginning up to a separator.
            return lambda run: run.kernel == value or (
                run.kernel.startswith(value) and run.kernel[len(value)] in ".-+_~")
        if key == "run":
            return self._run_test(value, text)
        runtime, pair = term.group("runtime"), term.group("pair")
        return lambda run: run.runtime == runtime and pair in (None, run.workload)

    def _run_test(self, name, text):
        if re.fullmatch(r"[0-9]{1,18}", name) and any(run.number == int(name) for run in self.runs):
            return lambda run: run.number == int(name)
        matching = [run for run in self.runs if run.uuid.startswith(name.lower())]
        # A number that is no run's is likelier a wrong number than the beginning of a UUID.
        if len(name) < 4 or not matching:
            return lambda run: False
        if len(matching) > 1:
            some = listed(matching, lambda run: f"run:{run.number} ({run.uuid})")
            raise Failure(
                USAGE, f"selection '{text}': several UUIDs begin with {name}: {some}; write more of it, or the run's "
                "number")
        return lambda run: run.number == matching[0].number

    def _nothing(self, terms, tests):
        for term, test in zip(terms, tests):
            if not any(map(test, self.runs)):
                key = term.group("key")
                name = term.group("value") or term.group("workload") or term.group("pair")
                what = key or ("workload" if term.group("workload") else "runtime")
                if key == "run":
                    numbers = f"{self.runs[0].number} to {self.runs[-1].number}"
                    return f"there is no run '{name}', they go from {numbers}"
                if term.group("pair") and any(r.runtime == term.group("runtime") for r in self.runs):
                    return f"there is no workload of {term.group('runtime')} '{name}'"
                return f"there is no {what} '{term.group('runtime') or name}'"
        return f"no run is all of {'+'.join(term.group(0) for term in terms)}"


def listed(runs, text=lambda run: run.told):
    """Runs for people, the first few of many."""
    shown = ", ".join(map(text, runs[:8]))
    return f"{shown} and {len(runs) - 8} more" if len(runs) > 8 else shown


def _terms(text):
    """The alternatives of a selection, each a list of terms that all must hold."""
    alternatives = [[]]
    position = 0
    while True:
        term = TERM.match(text, position)
        key = term and term.group("key")
        if not term or (key and key not in KEYS):
            if key:
                raise _wrong(text, position, f"there is no '{key}:'; use run:, label:, kernel: or tracer:")
            if text[position:position + 1] == "/":
                raise _wrong(text, position + 1, "a workload is missing")
            raise _wrong(text, position, "a term is missing")
        if key == "run" and not re.fullmatch(r"[0-9A-Fa-f-]+", term.group("value")):
            raise _wrong(text, term.start("value"), f"'{term.group('value')}' is neither a run's number nor the "
                         "beginning of a UUID")
        if key in ("run", "label", "tracer") and "~" in term.group("value"):
            raise _wrong(text, text.index("~", position), "expected ',' or '+', found '~'")
        alternatives[-1].append(term)
        position = term.end()
        if position == len(text):
            return alternatives
        if text[position] == ",":
            alternatives.append([])
        elif text[position] == "/" and term.group("runtime") and not term.group("pair"):
            raise _wrong(text, position + 1, "a workload is missing")
        elif text[position] != "+":
            raise _wrong(text, position, f"expected ',' or '+', found '{text[position]}'")
        position += 1


def _wrong(text, position, what):
    return Failure(USAGE, f"selection '{text}', character {position + 1}: {what}; {HELP}")
