"""Every canned query on both engines: the same rows, in the same order, or the same complaint."""

import io
import json
import time

from tracescale import formats
from tracescale.errors import Failure
from tracescale.queries import Binder, all_queries
from tracescale.selection import Catalogue

from hosts import Broken

#: What parameters are given, by what they take; further options.
ROUNDS = [
    ({"selection": ("runc", "runsc,crun"), "sets": "runc runsc crun", "function": "vfs_read", "name": "read",
      "metric": "complexity"}, {}),
    # Neither whole groups nor roles that groups keep: from the runs themselves.
    ({"selection": ("/redis-server", "run:3,kernel:6.12+crun"), "sets": "run:2,run:3 crun,label:mixed run:5",
      "function": "do_syscall_64", "name": "x64_sys", "metric": "text_bytes"},
     {"role": "app,runtime", "in": "all"}),
    ({"selection": ("*", "tracer:function_graph"), "sets": "* runc/redis-server", "function": "__x64_sys_read",
      "name": "tcp_sendmsg", "metric": "module"}, {"role": "all", "lossy": True}),
]


def parameters(query, values):
    """What is given for each parameter that a query declares."""
    given = {}
    for parameter in query.parameters:
        if parameter.kind in ("selection", "selection_any", "groups"):
            given[parameter.name] = values["selection"]["b" == parameter.name]
        elif parameter.kind in ("selections", "group_sets"):
            given[parameter.name] = values["sets"]
        elif parameter.name == "name":
            given["name"] = values["name" if query.name == "function_find" else "metric"]
        elif parameter.name in values:
            given[parameter.name] = values[parameter.name]
    return given


def options_of(options):
    words = []
    for name, value in options.items():
        words += [f"--{name}"] + ([] if value is True else [value])
    return words


def expected(hosts, database, name, given, options):
    """The columns and rows of tracequery, or its complaint."""
    words = [word for key, value in given.items() for word in ("--param", f"{key}={value}")]
    result = hosts.result(
        "tracequery", "run", name, *words, *options_of(options), "--db", database, "--format", "ndjson")
    if result.returncode:
        return result.stderr.splitlines()[-1].removeprefix("tracequery: ")
    return [json.loads(line, object_pairs_hook=lambda pairs: pairs) for line in result.stdout.splitlines()]


def found(spark, known, name, given, options):
    """The same of the store, in the form of expected."""
    binder = Binder(
        known["catalogue"], options.get("role", "default"),
        0 if options.get("in") == "all" else 1, options.get("lossy", False))
    try:
        query, values = binder.bind_cheapest(known["queries"][name], given, known["queries"])
    except Failure as failure:
        return failure.text
    answer = spark.sql(query.sql, args=values)
    out = io.StringIO()
    formats.write("ndjson", answer.columns, answer.collect(), out)
    return [json.loads(line, object_pairs_hook=lambda pairs: pairs) for line in out.getvalue().splitlines()]


def same(one, other):
    """Rows are equal when their fields are, reals to a part in 10⁹."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if len(one) != len(other):
        return False
    return all(
        len(a) == len(b) and all(k == m and close(v, w) for (k, v), (m, w) in zip(a, b))
        for a, b in zip(one, other))


def close(one, other):
    if isinstance(one, float) and isinstance(other, (int, float)) or isinstance(other, float):
        return one is not None and other is not None and abs(one - other) <= 1e-9 * max(1, abs(one), abs(other))
    return type(one) is type(other) and one == other


def all_alike(hosts, database, spark, names=None, rounds=ROUNDS, tell=print):
    """Runs every query on both.

    :return: how many answers were compared, and how many rows they had.
    :raises Broken: the first that differs.
    """
    queries = all_queries()
    known = {"queries": queries, "catalogue": Catalogue(spark)}
    answers = rows = complaints = 0
    for name, query in queries.items():
        if names and name not in names:
            continue
        started = time.monotonic()
        for values, options in rounds:
            given = parameters(query, values)
            here = found(spark, known, name, given, options)
            there = expected(hosts, database, name, given, options)
            if not same(there, here):
                raise Broken(difference(name, given, options, there, here))
            answers += 1
            complaints += isinstance(here, str)
            rows += 0 if isinstance(here, str) else len(here)
        tell(f"{name}: alike, {time.monotonic() - started:.1f} s")
    return answers, complaints, rows


def difference(name, given, options, there, here):
    text = f"{name} {given} {options}: "
    if isinstance(there, str) or isinstance(here, str):
        return text + f"tracequery says {str(there)[:300]!r}, Spark {str(here)[:300]!r}"
    for at, (one, other) in enumerate(zip(there, here)):
        if not same([one], [other]):
            return text + f"row {at + 1} of {len(there)} is {one} in tracequery, {other} in Spark"
    return text + f"{len(there)} rows in tracequery, {len(here)} in Spark"
