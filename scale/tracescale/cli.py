"""The command line: load, query, queries."""

import argparse
import os
import re
import sys

from pyspark.errors import PySparkException
from py4j.protocol import Py4JError

from . import formats, session
from .errors import ENVIRONMENT, USAGE, Failure
from .fleet import Fleet, problem, status
from .loader import BATCH, Loader
from .queries import Binder, all_queries, chosen_roles, meant
from .selection import Catalogue, listed
from .storage import Storage
from .store import Store


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Failure(USAGE, f"{message}; see '{self.prog} --help'")


def parser():
    root = Parser(
        prog="tracescale", description="The canned queries of tracequery over the warehouses of a fleet, with Spark.")
    commands = root.add_subparsers(dest="command", required=True, metavar="load|query|queries", parser_class=Parser)

    load = commands.add_parser(
        "load", help="brings exports into a store of Parquet", description="Brings what 'tracequery export spark' "
        "wrote into a store, after checking it against the manifests. What is there already is not loaded again.",
        epilog="Example: tracescale load fleet store")
    load.add_argument("fleet", help="the folder into which hosts export")
    load.add_argument("store", help="the folder of the store")
    load.add_argument("--anew", action="store_true", help="make the store from these exports alone")
    load.add_argument(
        "--batch", type=_positive, default=BATCH, metavar="N", help=f"warehouses at a time ({BATCH})")

    query = commands.add_parser(
        "query", help="answers a canned query", description="Answers a canned query of tracequery over all runs of a "
        "store. Of whole groups of runs NAME_groups gives the rows of NAME, from the roll-ups.",
        epilog="Example: tracescale query diff --param a=runc --param b=runsc --store store")
    query.add_argument("name", help="a query; 'tracescale queries' lists them")
    query.add_argument(
        "--param", action="append", default=[], metavar="name=value", help="a value for a parameter of the query")
    query.add_argument(
        "--store", default=os.environ.get("TRACE_STORE") or "store", help="without it: $TRACE_STORE, else ./store")
    query.add_argument(
        "--format", choices=formats.FORMATS, help="without it: a table on a terminal, tsv in a pipe")
    query.add_argument(
        "--role", default="default", metavar="roles", help="roles that count: default, all, or a list")
    query.add_argument("--lossy", action="store_true", help="use lossy and interrupted runs too")
    query.add_argument(
        "--in", dest="at_least", type=_run_count, default=1, metavar="all|n",
        help="only functions that every run, or at least so many, of a selection reached")

    for command in (load, query):
        command.add_argument(
            "--master", help="the cluster: local[2], spark://host:7077, yarn, k8s://…; without it spark-submit's, "
            "else local[*]")
        command.add_argument(
            "--conf", action="append", default=[], metavar="key=value", help="a setting of Spark")

    commands.add_parser("queries", help="lists the canned queries", description="Lists the canned queries.")
    return root


def main(arguments=None):
    """Runs a command.

    :return: the exit code: 0 done, 1 the answer is no, 2 wrong use, 3 the environment lacks something, 4 what is
        read is damaged.
    """
    try:
        options = parser().parse_args(arguments)
        {"load": load, "query": query, "queries": queries}[options.command](options)
        sys.stdout.flush()
        return 0
    except Failure as failure:
        _tell(failure.text)
        return failure.status
    except BrokenPipeError:
        # Who reads has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (PySparkException, Py4JError) as error:
        _tell(problem(error))
        return ENVIRONMENT
    except KeyboardInterrupt:
        return 130


def load(options):
    with _spark(options, "load") as spark:
        storage = Storage(spark)
        store = Store(spark, storage, options.store, options.anew)
        fleet = Fleet(spark, storage, options.fleet)
        came = Loader(fleet, store, _tell).load(options.batch, options.anew)
        runs = sum(row["runs"] for row in store.need()["warehouses"])
        count = len(store.need()["warehouses"])
        _tell(f"{options.store}: {came} runs came, of {runs} in {count} warehouses")


def query(options):
    known = all_queries()
    if options.name not in known:
        near = meant(options.name, list(known))
        raise Failure(USAGE, f"there is no query '{options.name}'{near}; 'tracescale queries' lists them")
    given = _pairs("--param", options.param)
    chosen_roles(options.role)
    with _spark(options, "query " + options.name) as spark:
        store = Store(spark, Storage(spark), options.store)
        store.register()
        binder = Binder(Catalogue(spark), options.role, options.at_least, options.lossy)
        bound, values = binder.bind_cheapest(known[options.name], given, known)
        _tell_losses(binder.chosen)
        answer = spark.sql(bound.sql, args=values)
        style = options.format or ("table" if sys.stdout.isatty() else "tsv")
        formats.write(style, answer.columns, answer.collect(), sys.stdout)


def queries(options):
    rows = [
        (query.name, ", ".join(p.name for p in query.parameters), query.description)
        for query in all_queries().values()]
    style = "table" if sys.stdout.isatty() else "tsv"
    formats.write(style, ["query", "parameters", "answers"], rows, sys.stdout)


class _spark:
    """A session, whose failures are told in a line."""

    def __init__(self, options, what):
        self.options = options
        self.what = what

    def __enter__(self):
        settings = _pairs("--conf", self.options.conf).items()
        self.session = session.start(f"tracescale {self.what}", self.options.master, settings)
        return self.session

    def __exit__(self, kind, error, trace):
        session.stop(self.session)
        if isinstance(error, (PySparkException, Py4JError, ConnectionError)) and not isinstance(
                error, BrokenPipeError):
            raise Failure(status(error), problem(error)) from None
        return False


def _tell(text):
    session.tell("tracescale: " + formats.visible(text))


def _tell_losses(chosen):
    left_out = sorted({run for some in chosen for run in some.left_out}, key=lambda run: run.number)
    if left_out:
        _tell(f"note: left out without --lossy: {listed(left_out)}")
    lossy = sorted({run for some in chosen for run in some.runs if run.lost != 0}, key=lambda run: run.number)
    if lossy:
        some = ", ".join(f"run:{run.number} ({run.loss})" for run in lossy)
        _tell(f"note: this answer rests on lossy runs, functions may be missing: {some}")


def _pairs(option, texts):
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Failure(USAGE, f"{option} '{text}': write it as name=value")
        if name in pairs:
            raise Failure(USAGE, f"{option} '{name}': it is given twice")
        pairs[name] = value
    return pairs


def _positive(text):
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError("a number from 1 is wanted")
    return int(text)


def _run_count(text):
    return 0 if text == "all" else _positive(text)


if __name__ == "__main__":
    sys.exit(main())
