"""The roll-ups of a store: the new runs are added to the parts that they concern."""

from concurrent.futures import ThreadPoolExecutor
from importlib import resources

from pyspark.sql import functions as F

from .fleet import struct
from .store import PARTITIONS


def roll_up(batch):
    """Adds the new runs to the roll-ups: only parts with such runs are written."""
    if not batch.new_runs:
        return
    state = batch.now()
    for name in ("function", "run", "run_group"):
        batch.store.table(name, state=state).createOrReplaceTempView(name)
    for name in ("run_function", "edge"):
        batch.new_rows(name).createOrReplaceTempView(name)
    for statement in rollup_statements():
        batch.spark.sql(statement)
    batch.write("run_size", batch.spark.table("made_run_size").select(struct(batch.tables["run_size"]).names))
    touched = {
        "group_id": {batch.numbers.group_of(run) for run in batch.new_runs},
        "condition_id": {row["condition_id"] for row in batch.new_runs.values()}}
    with ThreadPoolExecutor(3) as pool:
        work = [
            pool.submit(_add_up, batch, name, touched[PARTITIONS[name]])
            for name in ("group_function", "runtime_function", "group_edge")]
        for one in work:
            one.result()


def _add_up(batch, name, keys):
    names = struct(batch.tables[name]).names
    added = batch.spark.table(f"made_{name}").select(names)
    rows = batch.store.table(name, keys, batch.base).union(added)
    batch.write(name, rows.groupBy(*batch.tables[name]["key"]).agg(
        F.sum("runs").alias("runs"), F.sum("calls").alias("calls")).select(names))


def rollup_statements():
    """The statements of docs/export.md that make the roll-ups, without those about groups of runs, which are
    numbered here."""
    text = resources.files(__package__).joinpath("rollups.sql").read_text(encoding="utf-8")
    statements = [part.strip() for part in text.split(";\n") if part.strip()]
    return [
        statement.replace("CREATE TEMPORARY VIEW", "CREATE OR REPLACE TEMPORARY VIEW", 1)
        for statement in statements if "VIEW made_run_group" not in statement]
