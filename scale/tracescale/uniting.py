"""One row of many warehouses' rows about the same thing."""

from pyspark.sql import Observation
from pyspark.sql import functions as F

from .fleet import struct

#: Columns of which the first value that is one counts, not the first row's.
FIRST_KNOWN = {"kernel_function": ("traceable", "text_bytes"), "function": ("syscall", "abi")}
#: What of two warehouses should agree, but for which there is a rule when it does not.
WATCHED = {"function": ("canonical",), "kernel_function": ("traceable", "text_bytes"), "metric": ("value",)}


def first(batch, name, keys, rows):
    """Of rows with one key: the first of each column, in the order of `_w`, as merging does it.

    :return: the rows, and what tells how many differ, once they are written.
    """
    first_known = FIRST_KNOWN.get(name, ())
    watched = WATCHED.get(name, ())
    aggregates = []
    for column in struct(batch.tables[name]).names:
        if column in keys:
            continue
        value = F.col(column)
        if column == "module":
            found = F.coalesce(F.min_by(value, F.when(value != "", F.col("_w"))), F.lit(""))
        elif column == "symbols":
            found = F.max(value)
        elif column in first_known:
            found = F.min_by(value, F.when(value.isNotNull(), F.col("_w")))
        else:
            found = F.min_by(value, F.col("_w"))
        aggregates.append(found.alias(column))
    differing = [(F.min(column) != F.max(column)).alias(f"_differs_{column}") for column in watched]
    rows = rows.groupBy(*keys).agg(*aggregates, *differing)
    if not watched:
        return rows, lambda: None
    seen = Observation()
    rows = rows.observe(seen, *[F.count_if(F.col(f"_differs_{c}")).alias(c) for c in watched])

    def tell():
        for column, count in seen.get.items():
            if count:
                batch.tell(
                    f"warning: {name}.{column} of {count} rows is not the same in all warehouses; the first counts")

    return rows.drop(*[f"_differs_{column}" for column in watched]), tell


def unite_constant(batch, name):
    """Rows that are the same in every warehouse, or nearly so."""
    names = struct(batch.tables[name]).names
    rows = batch.read(name, batch.shards(name))
    old = batch.store.table(name, state=batch.base).withColumn("_w", F.lit(-1)).select(*names, "_w")
    united, _ = first(batch, name, batch.tables[name]["natural_key"], old.union(rows))
    batch.write(name, united.select(names).coalesce(1), replacing=True)
