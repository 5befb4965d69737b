#!/usr/bin/env python3
"""Reads an export for Spark with other tools than those that wrote it, and compares it with its warehouse.

    read_shards.py FOLDER WAREHOUSE.db UUID

The csv module, zstd and gzip read the shards as the schema file of the export says; the sqlite3 module
reads the warehouse. Ends with 1 and a line for each difference.
"""

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys

PROGRAMS = {".zst": ["zstd", "-dc"], ".gz": ["gzip", "-dc"]}


def rows_of_shard(path, table, options, problems):
    """The values of a shard's rows, as the types of the schema have them."""
    text = subprocess.run(
        PROGRAMS[os.path.splitext(path)[1]] + [path], check=True, stdout=subprocess.PIPE
    ).stdout
    reader = csv.reader(
        io.StringIO(text.decode("utf-8"), newline=""), delimiter=options["sep"],
        quotechar=options["quote"], doublequote=options["escape"] == options["quote"], strict=True)
    names = next(reader)
    columns = table["columns"]
    if names != [column["name"] for column in columns]:
        problems.append(f"{path}: the names are {names}")
    for fields in reader:
        if len(fields) != len(columns):
            problems.append(f"{path}: a row of {len(fields)} fields: {fields}")
            continue
        yield tuple(value(field, column, options) for field, column in zip(fields, columns))
    if not text.endswith(b"\n"):
        problems.append(f"{path}: its last line has no end")


def value(field, column, options):
    if field == options["nullValue"]:
        if not column["nullable"]:
            raise ValueError(f"NULL in {column['name']}")
        return None
    if column["type"] == "bigint":
        return int(field)
    if column["type"] == "double":
        return float(field)
    return field[1:] if field.startswith("\\") else field


def main():
    folder, database, uuid = sys.argv[1:]
    problems = []
    with open(f"{folder}/manifests/{uuid}.json", encoding="utf-8") as file:
        manifest = json.load(file)
    with open(f"{folder}/{manifest['schema']['file']}", "rb") as file:
        text = file.read()
    if hashlib.sha256(text).hexdigest() != manifest["schema"]["sha256"]:
        problems.append("the schema file is not the manifest's")
    schema = json.loads(text)
    described = {table["name"]: table for table in schema["tables"]}
    warehouse = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    warehouse.text_factory = lambda data: data.decode("utf-8", "replace")
    stored = [
        name for (name,) in warehouse.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    exported = [table["name"] for table in manifest["tables"]]
    wanted = [name for name in stored if manifest["events"] or name != "event"]
    if sorted(exported) != sorted(wanted):
        problems.append(f"exported are {exported}, stored {wanted}")
    total = 0
    for table in manifest["tables"]:
        name = table["name"]
        columns = ", ".join(f'"{column["name"]}"' for column in described[name]["columns"])
        found = []
        for shard in table["shards"]:
            path = f"{folder}/{shard['file']}"
            with open(path, "rb") as file:
                data = file.read()
            if (len(data), hashlib.sha256(data).hexdigest()) != (shard["bytes"], shard["sha256"]):
                problems.append(f"{path}: not what the manifest says")
            rows = list(rows_of_shard(path, described[name], schema["csv"], problems))
            if len(rows) != shard["rows"] or not rows:
                problems.append(f"{path}: {len(rows)} rows, the manifest says {shard['rows']}")
            if shard["first_run_id"] is not None:
                place = [column["name"] for column in described[name]["columns"]].index("run_id")
                if any(not shard["first_run_id"] <= row[place] <= shard["last_run_id"]
                       for row in rows):
                    problems.append(f"{path}: runs of other shards")
            found += rows
        expected = list(warehouse.execute(f'SELECT {columns} FROM "{name}"'))
        if len(found) != table["rows"] or sorted(found, key=repr) != sorted(expected, key=repr):
            problems.append(f"{name}: {len(found)} rows are not the {len(expected)} of the warehouse")
        total += len(found)
    shards = {shard["file"] for table in manifest["tables"] for shard in table["shards"]}
    for place, _, files in os.walk(f"{folder}/tables"):
        for file in files:
            path = os.path.relpath(f"{place}/{file}", folder)
            if f"/warehouse={uuid}/" in path and path not in shards:
                problems.append(f"{path}: no manifest names it")
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{len(manifest['tables'])} tables, {len(shards)} shards, {total} rows")
    sys.exit(1 if problems else 0)


main()
