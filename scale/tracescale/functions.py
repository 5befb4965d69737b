"""The numbers that functions have in all warehouses, and what kernels know of functions."""

from pyspark.sql import Observation
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StructType

from .errors import DAMAGED, Failure
from .fleet import empty, struct
from .uniting import first


class Functions:
    """The functions of a batch of warehouses: one for each name, whatever its numbers there."""

    def __init__(self, batch):
        self.batch = batch
        self._number()

    def _number(self):
        """A number for each name, and the canonical name and system call of each."""
        batch = self.batch
        if not any(batch.shards("function").values()):
            # Recordings without a call.
            self.numbers = empty(batch.spark, StructType().add("_key", LongType()).add("_number", LongType()))
            return
        schema = batch.tables["function"]
        new = batch.read("function", batch.shards("function"))
        old = batch.store.table("function", state=batch.base)
        names = new.select("name").distinct().join(old.select("name"), "name", "left_anti")
        highest = old.agg(F.coalesce(F.max("function_id"), F.lit(0))).collect()[0][0]
        numbered = names.selectExpr(
            "name", f"CAST({highest} + row_number() OVER (ORDER BY name) AS BIGINT) AS function_id")
        numbers = old.select("name", "function_id").union(numbered)
        all_rows = old.withColumn("_w", F.lit(-1)).select(new.columns).union(new)
        rows, tell = first(batch, "function", ["name"], all_rows)
        rows = rows.drop("function_id").join(numbers, "name")
        batch.write("function", rows.select(struct(schema).names).coalesce(1), replacing=True)
        tell()
        function = batch.store.table("function", state=batch.now())
        local = new.select("_w", F.col("function_id").alias("_own"), "name")
        mapped = local.join(function.select("name", "function_id"), "name")
        self.numbers = mapped.select(
            _key(F.col("_own")).alias("_key"), F.col("function_id").alias("_number"))
        path = f"{batch.store.folder}/loading/{batch.number}-functions"
        self.numbers.coalesce(1).write.mode("overwrite").parquet(path)
        self.numbers = batch.spark.read.schema("_key BIGINT, _number BIGINT").parquet(path)
        count, keys = self.numbers.agg(F.count("*"), F.count_distinct("_key")).collect()[0]
        shards = sum(s.rows for some in batch.shards("function").values() for s in some)
        if count != shards or keys != count:
            raise Failure(
                DAMAGED, f"{batch.names()}: {shards} functions have {keys} numbers and {count} names; export "
                "these warehouses again")

    def numbered(self, rows, columns):
        """The rows with the numbers of all warehouses in columns that name functions."""
        for column in columns:
            numbers = self.numbers.select(
                F.col("_key").alias(f"_key_{column}"), F.col("_number").alias(f"_new_{column}"))
            rows = rows.join(F.broadcast(numbers), F.col(f"_key_{column}") == _key(F.col(column)), "left")
        return rows

    def unite_of_kernels(self, name):
        """Facts about functions of a kernel: those of kernels that these warehouses have are made anew."""
        batch = self.batch
        if not any(batch.shards(name).values()):
            return
        names = struct(batch.tables[name]).names
        keys = batch.tables[name]["natural_key"]
        rows = batch.read(name, batch.shards(name))
        kernels = batch.map(name, ["_ww", "_kernel", "_new_kernel"], [
            (i, own, new) for i, some in batch.kernel_numbers.items() for own, new in some.items()])
        rows = rows.join(kernels, (F.col("_ww") == F.col("_w")) & (F.col("_kernel") == F.col("kernel_id")), "left")
        rows = self.numbered(rows, ["function_id"])
        seen = Observation()
        rows = rows.observe(
            seen, F.count(F.lit(1)).alias("rows"),
            F.count_if(F.col("_new_kernel").isNull()).alias("kernels"),
            F.count_if(F.col("_new_function_id").isNull()).alias("functions"))
        rows = rows.withColumn("kernel_id", F.col("_new_kernel")).withColumn(
            "function_id", F.col("_new_function_id")).select(*names, "_w")
        touched = {new for some in batch.kernel_numbers.values() for new in some.values()}
        old = batch.store.table(name, touched, batch.base).withColumn("_w", F.lit(-1)).select(*names, "_w")
        united, tell = first(batch, name, keys, old.union(rows))
        batch.write(name, united.select(names))
        batch.check_rows(name, batch.shards(name), seen.get)
        tell()


def _key(function):
    """A warehouse and its number of a function in one; NULL, nobody's, beyond the range of such numbers."""
    return F.when(function.between(0, (1 << 40) - 1), F.col("_w") * F.lit(1 << 40) + function)
