"""Copies the tables of a warehouse into a DuckDB file: python duckdb_load.py WAREHOUSE FILE

Through CSV, since DuckDB's own reader of SQLite is an extension that is fetched from elsewhere.
Types are SQLite's; rows keep the order of their keys, by which DuckDB skips blocks. Tables that
are there whole stay, so that a warehouse which was brought up to date gets its new ones.
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

import duckdb

TYPES = {"INTEGER": "BIGINT", "TEXT": "VARCHAR", "REAL": "DOUBLE"}


def main(warehouse, path):
    source = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)
    target = duckdb.connect()
    # A format that the DuckDB program on PyPI reads too, which is older than the library there.
    target.execute(f"ATTACH '{path}' AS base (STORAGE_VERSION 'v1.4.0')")
    target.execute("USE base")
    tables = [name for (name,) in source.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    present = {name for (name,) in target.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'base'").fetchall()}
    with tempfile.TemporaryDirectory(dir=os.path.dirname(path) or ".") as folder:
        for table in tables:
            wanted = source.execute(f"SELECT count(*) FROM {table}").fetchone()
            if table in present:
                if target.execute(f'SELECT count(*) FROM "{table}"').fetchone() == wanted:
                    continue
                target.execute(f'DROP TABLE "{table}"')
            columns = source.execute(f"PRAGMA table_info({table})").fetchall()
            declared = ", ".join(f'"{c[1]}" {TYPES[c[2]]}' for c in columns)
            target.execute(f'CREATE TABLE "{table}" ({declared})')
            pipe = os.path.join(folder, table)
            os.mkfifo(pipe)
            with subprocess.Popen(
                    ["sh", "-c", 'exec sqlite3 -readonly -csv -nullvalue "\\N" "$1" "$2" >"$3"',
                     "sh", warehouse, f"SELECT * FROM {table}", pipe]) as reader:
                target.execute(
                    f"COPY \"{table}\" FROM '{pipe}' (FORMAT csv, HEADER false, "
                    "NULLSTR '\\N', AUTO_DETECT false, QUOTE '\"', ESCAPE '\"')")
            if reader.returncode:
                sys.exit(f"duckdb_load: sqlite3 failed on {table}")
            assert target.execute(f'SELECT count(*) FROM "{table}"').fetchone() == wanted, table
    target.execute("CHECKPOINT base")


main(*sys.argv[1:])
