"""Measures the canned queries against DuckDB and `diff` against plain SQL; prints Markdown.

    python measure_queries.py TRACEQUERY WAREHOUSE DUCKDB_FILE QUERIES_FOLDER

tracequery is measured as a process, its start and the opening of the file included. DuckDB runs the
same SQL on native tables with the same rows, on all cores: as a process too (its own program, CSV),
and from the statement to the last row in a connection of Python that is open already, which is to
its advantage. Medians of five, after one that is not counted. Of whole groups, which these
parameters are, tracequery answers NAME by NAME_groups; DuckDB runs either as it is.
"""
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time

import duckdb

HERE = os.path.dirname(os.path.abspath(__file__))
ROLES = ",app,sandbox,gofer,stub,kthread,other,"


def median(times):
    return statistics.median(times) * 1e3


def measure(body, repeats=5):
    body()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        body()
        times.append(time.perf_counter() - began)
    return median(times)


class Binder:
    """What tracequery binds, for the few forms of selections that queries.txt has."""

    def __init__(self, warehouse):
        self.file = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)

    def ids(self, table, key, text):
        found = set()
        for part in text.split(","):
            if part == "*":
                where, values = "1", ()
            elif part.startswith("run:"):
                where, values = "run_id = ?", (int(part[4:]),)
            elif "/" in part:
                where, values = "runtime = ? AND workload = ?", tuple(part.split("/"))
            else:
                where, values = "runtime = ?", (part,)
            found |= {i for (i,) in self.file.execute(
                f"SELECT {key} FROM {table} WHERE status = 'ok' AND {where}", values)}
        return sorted(found)

    def bind(self, sql, given):
        values = {}
        for name, kind, default in re.findall(
                r"^-- :(\w+) (\w+)(?: = ([^:]*))?:", sql, re.MULTILINE):
            text = given.get(name, default)
            if kind in ("selection", "selection_any"):
                values[name] = "," + "".join(f"{i}," for i in self.ids("run", "run_id", text))
            elif kind == "groups":
                values[name] = "," + "".join(
                    f"{i}," for i in self.ids("run_group", "group_id", text))
            elif kind in ("selections", "group_sets"):
                table = ("run", "run_id") if kind == "selections" else ("run_group", "group_id")
                values[name] = "," + "".join(
                    f"{n}:{i}," for n, part in enumerate(text.split(" "), 1)
                    for i in self.ids(*table, part))
            elif kind == "roles":
                values[name] = ROLES
            elif kind == "role_set":
                values[name] = "(default)"
            elif kind == "integer":
                values[name] = int(text)
            else:
                values[name] = text
        return values


def for_duckdb(sql):
    """The same statement in DuckDB's spelling: $name, and no condition on a CROSS JOIN."""
    sql = re.sub(r"--[^\n]*", "", sql)
    parts = re.split(r"\bCROSS JOIN\b", sql)
    out = parts[0]
    for part in parts[1:]:
        depth, end = 0, len(part)
        for match in re.finditer(r"[()]|\b(?:ON|JOIN|WHERE|GROUP|ORDER)\b", part):
            word = match.group()
            depth += (word == "(") - (word == ")")
            if depth < 0 or (depth == 0 and word not in "()"):
                end = match.start()
                break
        joined = "JOIN" if part[end:].startswith("ON") else "CROSS JOIN"
        out += joined + part
    return re.sub(r":(\w+)", r"$\1", out)


def command(tracequery, warehouse, *words):
    def run():
        done = subprocess.run([tracequery, *words, "--db", warehouse, "--format", "tsv"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode > 1:
            sys.exit(f"{' '.join(words)}: {done.stderr.decode()}")
        return done.stdout
    return run


def duckdb_process(duckdb_file, sql, values):
    """A run of DuckDB's own program, with the values written into the SQL."""
    def literal(match):
        value = values[match.group(1)]
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    text = re.sub(r"\$(\w+)", literal, sql).encode()
    program = os.path.join(os.path.dirname(sys.executable), "duckdb")

    def run():
        subprocess.run([program, "-readonly", duckdb_file, "-csv"], input=text, check=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run


def read_list():
    with open(os.path.join(HERE, "queries.txt"), encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            name, _, rest = line.rstrip("\n").partition(" ")
            pairs = re.findall(r"(\w+)=(.*?)(?= \w+=|$)", rest)
            yield name, dict(pairs)


def queries(tracequery, warehouse, duckdb_file, base, folder):
    binder = Binder(warehouse)
    listed = list(read_list())
    missing = {n[:-4] for n in os.listdir(folder) if n.endswith(".sql")} - {n for n, _ in listed}
    if missing:
        print(f"Not in queries.txt: {', '.join(sorted(missing))}.\n")
    print("| query | parameters | rows | tracequery, ms | DuckDB process, ms | ratio"
          " | DuckDB open, ms | ratio |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, given in listed:
        with open(os.path.join(folder, name + ".sql"), encoding="utf-8") as file:
            sql = file.read()
        words = [w for pair in given.items() for w in ("--param", "=".join(pair))]
        run = command(tracequery, warehouse, "run", name, *words)
        rows = max(run().count(b"\n") - 1, 0)
        ours = measure(run)
        text, values = for_duckdb(sql), binder.bind(sql, given)
        used = {k: v for k, v in values.items() if f"${k}" in text}
        theirs, ratio = "", ""
        try:
            found = len(base.execute(text, used).fetchall())
            duration = measure(lambda t=text, u=used: base.execute(t, u).fetchall())
            whole = measure(duckdb_process(duckdb_file, text, used))
            theirs = f"{whole:.0f} | {whole / ours:.2f} | {duration:.0f}"
            ratio = f"{duration / ours:.2f}"
            if found != rows:
                ratio += f" (it found {found} rows)"
        except duckdb.Error as error:
            theirs = "refused: " + str(error).split("\n", maxsplit=1)[0][:60] + " | | "
        shown = " ".join(f"{k}={v}" for k, v in given.items())
        print(f"| {name} | {shown} | {rows} | {ours:.0f} | {theirs} | {ratio} |", flush=True)


def diff(tracequery, warehouse, duckdb_file, base, folder):
    ours = measure(command(tracequery, warehouse, "diff", "runc", "runsc"), repeats=11)
    with open(os.path.join(HERE, "plain_diff.sql"), encoding="utf-8") as file:
        plain = file.read()
    with open(os.path.join(folder, "diff_groups.sql"), encoding="utf-8") as file:
        rolled = file.read()
    binder = Binder(warehouse)
    values = binder.bind(rolled, {"a": "runc", "b": "runsc"})
    print("| `diff runc runsc` | ms | ratio |")
    print("| --- | ---: | ---: |")
    print(f"| tracequery, as a process | {ours:.1f} | 1 |", flush=True)
    began = time.perf_counter()
    rows = len(binder.file.execute(plain).fetchall())
    lasted = (time.perf_counter() - began) * 1e3
    print(f"| SQLite, plain SQL on `call` ({rows} rows) | {lasted:.0f} | {lasted / ours:.0f} |",
          flush=True)
    lasted = measure(lambda: base.execute(plain).fetchall(), repeats=3)
    print(f"| DuckDB, plain SQL on `call`, open | {lasted:.0f} | {lasted / ours:.1f} |", flush=True)
    lasted = measure(duckdb_process(duckdb_file, for_duckdb(rolled), values))
    print(f"| DuckDB, the roll-up's SQL, as a process | {lasted:.1f} | {lasted / ours:.2f} |")
    lasted = measure(lambda: base.execute(for_duckdb(rolled), values).fetchall())
    print(f"| DuckDB, the roll-up's SQL, open | {lasted:.1f} | {lasted / ours:.2f} |\n")


def start(tracequery):
    times = {}
    for _ in range(60):
        for name, program in (("tracequery", tracequery), ("sqlite3", "sqlite3")):
            began = time.perf_counter()
            child = os.posix_spawnp(program, [program, "--version"], os.environ, file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
            _, _, used = os.wait4(child, 0)
            times.setdefault(name, []).append(
                (time.perf_counter() - began, used.ru_utime + used.ru_stime))
    print("| `--version` | wall, ms | CPU, ms |")
    print("| --- | ---: | ---: |")
    figures = {n: [median(column) for column in zip(*t)] for n, t in times.items()}
    for name, (wall, cpu) in figures.items():
        print(f"| {name} | {wall:.2f} | {cpu:.2f} |")
    ratios = [a / b for a, b in zip(figures["tracequery"], figures["sqlite3"])]
    print(f"| ratio | {ratios[0]:.2f} | {ratios[1]:.2f} |\n", flush=True)


def main(tracequery, warehouse, duckdb_file, folder):
    base = duckdb.connect(duckdb_file, read_only=True)
    print(f"SQLite {sqlite3.sqlite_version}, DuckDB {duckdb.__version__}.\n")
    start(tracequery)
    diff(tracequery, warehouse, duckdb_file, base, folder)
    queries(tracequery, warehouse, duckdb_file, base, folder)


main(*sys.argv[1:])
