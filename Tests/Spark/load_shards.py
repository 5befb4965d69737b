#!/usr/bin/env python3
"""Loads the exports of a folder into one SQLite file by nothing but what docs/export.md promises to
loaders, and compares it with the warehouse that `collector merge` made of the same hosts.

    load_shards.py FOLDER LOADED.db MERGED.db

MERGED.db is merged in the order of the warehouses' UUIDs. Numbers of functions may differ, all else may
not. Ends with 1 and a line for each table that differs.
"""

import csv
import glob
import io
import json
import os
import re
import sqlite3
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(__file__), "../../docs/export.md")
TYPES = {"bigint": "INTEGER", "double": "REAL", "string": "TEXT"}


class Loader:
    def __init__(self, folder, path):
        self.folder = folder
        self.manifests = []
        for name in glob.glob(f"{folder}/manifests/*.json"):
            with open(name, encoding="utf-8") as file:
                self.manifests.append(json.load(file))
        self.manifests.sort(key=lambda manifest: manifest["warehouse"])
        with open(f"{folder}/{self.manifests[0]['schema']['file']}", encoding="utf-8") as file:
            self.tables = {table["name"]: table for table in json.load(file)["tables"]}
        self.numbers = {}  # table → natural key → number
        self.known = {}  # (table, warehouse, its number) → number
        self.rows = {}  # table of union "key" → natural key → row
        self.owner = {}  # UUID of a run → warehouse
        self.database = sqlite3.connect(path)
        for table in self.tables.values():
            columns = ", ".join(f"{c['name']} {TYPES[c['type']]}" for c in table["columns"])
            self.database.execute(f"CREATE TABLE {table['name']} ({columns})")

    def read(self, manifest, name):
        columns = self.tables[name]["columns"]
        shards = [s for t in manifest["tables"] if t["name"] == name for s in t["shards"]]
        for shard in shards:
            program = "zstd" if shard["file"].endswith(".zst") else "gzip"
            text = subprocess.run(
                [program, "-dc", f"{self.folder}/{shard['file']}"], check=True,
                stdout=subprocess.PIPE).stdout.decode("utf-8")
            reader = csv.reader(io.StringIO(text, newline=""))
            next(reader)
            for fields in reader:
                yield {c["name"]: self.value(f, c["type"]) for c, f in zip(columns, fields)}

    @staticmethod
    def value(field, kind):
        if field == r"\N":
            return None
        if kind != "string":
            return int(field) if kind == "bigint" else float(field)
        return field[1:] if field.startswith("\\") else field

    def mapped(self, table, warehouse, row):
        """The row with numbers of all warehouses in the place of this one's."""
        result = dict(row)
        for column in self.tables[table]["columns"]:
            target, name = (column["refers_to"] or ".").split(".")
            if target and self.tables[target]["local_number"] == name:
                if result[column["name"]] is not None:
                    result[column["name"]] = self.known[target, warehouse, row[column["name"]]]
        return result

    def number(self, table, warehouse, row):
        mapped = self.mapped(table, warehouse, row)
        key = tuple(mapped[name] for name in self.tables[table]["natural_key"])
        numbers = self.numbers.setdefault(table, {})
        number = numbers.setdefault(key, len(numbers) + 1)
        self.known[table, warehouse, row[self.tables[table]["local_number"]]] = number

    def load(self, manifest):
        warehouse = manifest["warehouse"]
        kernels = {row["kernel_id"]: row for row in self.read(manifest, "kernel")}
        conditions = {row["condition_id"]: row for row in self.read(manifest, "condition")}
        kept = set()
        for run in sorted(self.read(manifest, "run"), key=lambda row: row["run_id"]):
            if run["uuid"] in self.owner:
                continue
            self.owner[run["uuid"]] = warehouse
            kept.add(run["run_id"])
            condition = conditions[run["condition_id"]]
            self.number("kernel", warehouse, kernels[condition["kernel_id"]])
            self.number("condition", warehouse, condition)
            self.number("run", warehouse, run)
        for name, rows in [
            ("kernel", kernels.values()), ("condition", conditions.values()),
            ("function", self.read(manifest, "function")),
        ]:
            for row in rows:
                self.number(name, warehouse, row)
        for name, table in self.tables.items():
            if table["union"] == "rebuild":
                continue
            own = table["local_number"]
            for row in self.read(manifest, name):
                if table["union"] == "run" and row["run_id"] not in kept:
                    continue
                mapped = self.mapped(name, warehouse, row)
                if own:
                    mapped[own] = self.known[name, warehouse, row[own]]
                if table["union"] == "run":
                    self.insert(name, mapped)
                else:
                    self.unite(name, mapped)

    def unite(self, name, row):
        key = tuple(row[column] for column in self.tables[name]["natural_key"])
        stored = self.rows.setdefault(name, {}).setdefault(key, row)
        if name == "kernel_function":
            stored["module"] = stored["module"] or row["module"]
            for column in ("traceable", "text_bytes"):
                stored[column] = row[column] if stored[column] is None else stored[column]
            stored["symbols"] = max(stored["symbols"], row["symbols"])
        if name == "function" and stored["syscall"] is None:
            stored["syscall"], stored["abi"] = row["syscall"], row["abi"]

    def insert(self, name, row):
        places = ", ".join("?" * len(row))
        self.database.execute(f"INSERT INTO {name} VALUES ({places})", list(row.values()))

    def finish(self):
        for name, rows in self.rows.items():
            for row in rows.values():
                self.insert(name, row)
        with open(PAGE, encoding="utf-8") as file:
            sql = re.search(r"<!-- rollups.*?```sql\n(.*?)```", file.read(), re.S).group(1)
        self.database.executescript(sql)
        rebuilt = [t for t in self.tables.values() if t["union"] == "rebuild"]
        # The groups first: other roll-ups refer to them.
        for table in sorted(rebuilt, key=lambda table: table["name"] != "run_group"):
            columns = ", ".join(column["name"] for column in table["columns"])
            self.database.execute(
                f"INSERT INTO {table['name']} ({columns}) "
                f"SELECT {columns} FROM made_{table['name']}")
        self.database.commit()


def contents(database, table):
    """All rows of a table, functions by their names."""
    names = dict(database.execute("SELECT function_id, name FROM function"))
    columns = [column["name"] for column in table["columns"]]
    functions = [name in ("function_id", "caller_id", "callee_id") for name in columns]
    return sorted(
        (tuple(names.get(value) if is_function else value
               for value, is_function in zip(row, functions))
         for row in database.execute(f"SELECT {', '.join(columns)} FROM {table['name']}")),
        key=repr)


def main():
    folder, path, merged = sys.argv[1:]
    loader = Loader(folder, path)
    for manifest in loader.manifests:
        loader.load(manifest)
    loader.finish()
    other = sqlite3.connect(f"file:{merged}?mode=ro", uri=True)
    differing = 0
    for name, table in loader.tables.items():
        found, expected = contents(loader.database, table), contents(other, table)
        if found != expected:
            differing += 1
            print(f"{name}: {len(found)} rows are not the {len(expected)} of the merged warehouse")
    if not differing:
        print(f"{len(loader.owner)} runs of {len(loader.manifests)} warehouses are as merged")
    sys.exit(1 if differing else 0)


main()
