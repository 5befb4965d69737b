"""Three hosts, whose warehouses are made of real recordings, and what `collector merge` makes of them."""

import csv
import json
import os
import sqlite3
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "Tests/Fixtures/captures"
HOSTS = ("a", "b", "c")


class Broken(Exception):
    """Something that must not be."""


class Hosts:
    """Their warehouses, exports and programs, below a folder."""

    def __init__(self, programs, folder):
        self.programs = Path(programs)
        self.folder = Path(folder)
        self.fleet = self.folder / "fleet"

    def run(self, program, *words, status=0):
        """Standard output of a program of ours, which must end with that exit code."""
        result = self.result(program, *words)
        if result.returncode != status:
            raise Broken(f"{program} {' '.join(map(str, words))}: exit code {result.returncode}: {result.stderr}")
        return result.stdout

    def result(self, program, *words):
        environment = {**os.environ, "NO_COLOR": "1"}
        environment.pop("TRACE_DB", None)
        # Bytes as they are: lines may end in CR LF.
        result = subprocess.run(
            [str(self.programs / program), *map(str, words)], env=environment, capture_output=True)
        result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()
        return result

    def warehouse(self, host):
        return self.folder / f"{host}.db"

    def ingest(self, host, capture, recording, runtime, workload, *more):
        self.run(
            "collector", "ingest", CAPTURES / capture, "--recording", recording, "--runtime", runtime, "--workload",
            workload, "--host", host, "--db", self.warehouse(host), *more)

    def make(self):
        """Runs of two kernels and both tracers, lossy ones, with events, metrics and environments; one host has
        a run of another one too."""
        self.ingest("a", "runc-redis-server-1", "func", "runc", "redis-server", "--keep-events")
        self.ingest("a", "runc-python_tornado-1", "func", "runc", "python_tornado")
        self.ingest("a", "runc-redis-server-1", "graph", "runc", "redis-server")
        self.ingest("b", "crun-redis-k612", "func", "crun", "redis-server", "--label", "other")
        self.run("collector", "merge", self.warehouse("b"), self.warehouse("a"))
        self.ingest("b", "runsc-redis-server-2", "func", "runsc", "redis-server")
        self.ingest("a", "overrun-runc-redis-server-3", "overrun-overwrite", "runc", "redis-server")
        self.ingest("c", "runc-redis-server-2-mixed", "mixed", "runc", "redis-server", "--label", "mixed")
        self.ingest("c", "crun-redis-k612", "graph", "crun", "redis-server")
        self.ingest("c", "crun-redis-k612", "func", "runc", "redis-server", "--again")
        self._add_environments()
        self._add_metric("a")

    def _add_environments(self):
        """What `collector run` knows of a machine, which recordings that are read do not tell."""
        for host in HOSTS:
            database = sqlite3.connect(self.warehouse(host))
            columns = database.execute("PRAGMA table_info(run_environment)").fetchall()
            kinds = {"INTEGER": 1, "REAL": 0.1, "TEXT": "a \\ backslash, \"quotes\"\nand lines"}
            values = {name: kinds[kind] for _, name, kind, *_ in columns}
            values["command"] = json.dumps(["\\N", "first"])
            for (run,) in database.execute("SELECT run_id FROM run").fetchall():
                row = {**values, "run_id": run, "cpu_model": r"\N" if run == 1 else None}
                database.execute(
                    f"INSERT INTO run_environment ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                    list(row.values()))
            database.commit()
            database.close()

    def _add_metric(self, host):
        database = sqlite3.connect(self.warehouse(host))
        kernel, = database.execute("SELECT release FROM kernel ORDER BY kernel_id").fetchone()
        names = [name for (name,) in database.execute("SELECT name FROM function ORDER BY name")]
        database.close()
        path = self.folder / "complexity.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["function", "complexity"])
            writer.writerows((name, 1 + len(name) / 3) for name in names[::2])
        self.run("collector", "metric", "import", kernel, path, "--db", self.warehouse(host))

    def export(self, host, *options):
        self.run("tracequery", "export", "spark", self.fleet, "--db", self.warehouse(host), *options)

    def name(self, host):
        """What a warehouse is called in its export."""
        database = sqlite3.connect(f"file:{self.warehouse(host)}?mode=ro", uri=True)
        uuid, = database.execute("SELECT uuid FROM run ORDER BY run_id LIMIT 1").fetchone()
        database.close()
        return uuid

    def merge(self, into):
        """All hosts in one warehouse, in the order of their names."""
        self.run("collector", "merge", into, *(self.warehouse(h) for h in sorted(HOSTS, key=self.name)))
        return into

    def ask(self, database, *words):
        """Rows of an answer of tracequery, as dictionaries."""
        text = self.run("tracequery", *words, "--db", database, "--format", "ndjson")
        return [json.loads(line) for line in text.splitlines()]
