"""Brings exports into a store: numbers, unites, counts each run once, checks, and keeps the roll-ups.

A load is made of batches of warehouses. Each ends with a new state of the store, so that a load that was
interrupted goes on where it was. The rules are those of docs/export.md, "What a loader does".
"""

from concurrent.futures import ThreadPoolExecutor
from importlib import resources

from pyspark.errors import PySparkException
from pyspark.sql import Observation
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType
from py4j.protocol import Py4JError

from .errors import DAMAGED, ENVIRONMENT, USAGE, Failure
from .fleet import empty, problem, status, struct
from .numbers import Numbers
from .store import PARTITIONS, Store

#: Warehouses whose numbers of functions are held in memory at once.
BATCH = 16
#: Tables whose rows are decided where the program runs.
SMALL = ("kernel", "condition", "run", "run_group")
OWNERS = StructType([StructField("uuid", StringType()), StructField("warehouse", StringType())])
#: Columns of which the first value that is one counts, not the first row's.
FIRST_KNOWN = {"kernel_function": ("traceable", "text_bytes"), "function": ("syscall", "abi")}
#: What of two warehouses should agree, but for which there is a rule when it does not.
WATCHED = {"function": ("canonical",), "kernel_function": ("traceable", "text_bytes"), "metric": ("value",)}


class Loader:
    """:param tell: takes lines about what was done, and warnings."""

    def __init__(self, fleet, store, tell):
        self.fleet = fleet
        self.store = store
        self.spark = store.spark
        self.tell = tell

    def load(self, batch=BATCH, anew=False):
        """Loads what the store lacks.

        :return: how many runs came.
        :raises Failure: an export is damaged, or contradicts what is there.
        """
        with self.store.writing():
            return self._load(batch, anew)

    def _load(self, batch, anew):
        base = self.store.state
        if anew:
            number = base["number"] if base else 0
            base = dict(Store.none(self.fleet.tables), number=number)
        elif base is None:
            base = Store.none(self.fleet.tables)
        elif _shapes(base["tables"]) != _shapes(self.fleet.tables):
            raise Failure(USAGE, f"{self.store.folder}: its tables are not those of the exports; load with --anew")
        self.store.sweep()
        loaded = {row["uuid"]: row for row in base["warehouses"]}
        exports = {manifest.warehouse: manifest for manifest in self.fleet.manifests}
        # Those that were loaded before as they were, then the others by name.
        order = [name for name in loaded if name in exports]
        order += sorted(name for name in exports if name not in loaded)
        changed = [
            exports[name] for name in order
            if name not in loaded or loaded[name]["content"] != exports[name].content]
        came = 0
        for start in range(0, len(changed), batch):
            some = changed[start:start + batch]
            # What is replaced as a whole is there until all of it is.
            is_shown = not anew or start + batch >= len(changed)
            try:
                base, count = Batch(self, base, some).run(is_shown)
            except Failure:
                self._tell_replaced(some)
                raise
            came += count
            self.tell(
                f"{start + len(some)} of {len(changed)} warehouses: {count} new runs, "
                f"{sum(len(m.runs) for m in some)} in these")
        if not changed:
            self.tell("nothing is new")
        return came

    def _tell_replaced(self, manifests):
        """What was missing or wrong may have been replaced by its host.

        :raises Failure: it was.
        """
        for manifest in manifests:
            if not self.fleet.is_current(manifest):
                raise Failure(
                    ENVIRONMENT, f"{manifest.path}: its host has exported again meanwhile; load again") from None


class Batch:
    """Some warehouses, from their shards to a new state."""

    def __init__(self, loader, base, manifests):
        self.fleet = loader.fleet
        self.store = loader.store
        self.storage = loader.store.storage
        self.spark = loader.spark
        self.tell = loader.tell
        self.base = base
        self.manifests = manifests
        self.number = base["number"] + 1
        self.parts = {
            name: dict(parts) if isinstance(parts, dict) else list(parts)
            for name, parts in base["parts"].items()}
        self.tables = base["tables"]
        self.observed = {}
        self.checked = set()

    def run(self, is_shown=True):
        """:param is_shown: readers get the new state.
        :return: the new state, and how many runs came.
        """
        try:
            return self._run(is_shown)
        except (PySparkException, Py4JError, ConnectionError) as error:
            raise Failure(status(error), problem(error)) from None

    def _run(self, is_shown):
        known = self.known = {row["uuid"] for row in self.base["warehouses"]}
        read = {name for name, table in self.tables.items() if table["union"] != "rebuild"}
        always = {name for name in read if self.tables[name]["union"] == "key"} | {"run"}
        # All of a warehouse that is new, also what others have already: what is damaged is told when it comes.
        self._check([
            shard for m in self.manifests for name in (always if m.warehouse in known else read)
            for shard in m.tables.get(name, [])])
        self._number_runs()
        self.needed = {
            name: {i: self._needed(name, i) for i in range(len(self.manifests))} for name in read - always}
        self._check([s for some in self.needed.values() for shards in some.values() for s in shards])
        self._number_functions()
        with ThreadPoolExecutor(4) as pool:
            work = [pool.submit(self._unite_kernel_functions, name) for name in ("kernel_function", "metric")]
            work += [pool.submit(self._unite_constant, name) for name in ("stat", "syscall")]
            work += [pool.submit(self._facts, name) for name in self.needed]
            for one in work:
                one.result()
        self._write_small()
        self._check_sums()
        self._roll_up()
        state = dict(
            self.base, number=self.number, parts=self.parts, warehouses=self._warehouses())
        if is_shown:
            self.store.commit(state)
        return state, len(self.new_runs)

    def _check(self, shards):
        """Looks at shards that were not looked at yet."""
        self.fleet.check([shard for shard in shards if shard not in self.checked])
        self.checked.update(shards)

    # Runs, conditions, kernels

    def _number_runs(self):
        base = self.base
        small = {name: self._old_rows(name) for name in SMALL}
        owners = {}
        if "owner" in self.parts:
            places = [self.store.place("owner", load) for load in self.parts["owner"]]
            owners = dict(tuple(row) for row in self.spark.read.schema(OWNERS).parquet(*places).collect())
        self.numbers = Numbers(small["kernel"], small["condition"], small["run"], owners, small["run_group"])
        before = len(self.numbers.runs)
        read = {name: self._collected(name) for name in ("kernel", "condition", "run")}
        self.kernel_numbers, self.run_numbers, self.late_events = {}, {}, {}
        events = {row["uuid"]: row["events"] for row in base["warehouses"]}
        # A run has all of its events, or none.
        has = set()
        if any(m.events and events.get(m.warehouse) is False for m in self.manifests):
            rows = self.store.table("event", state=base).select("run_id").distinct().collect()
            has = {row[0] for row in rows}
        for i, manifest in enumerate(self.manifests):
            owned = {uuid for uuid, owner in owners.items() if owner == manifest.warehouse}
            gone = sorted(owned - manifest.runs.keys())
            if gone:
                raise Failure(
                    USAGE, f"{manifest.path}: {len(gone)} runs that were loaded from this warehouse are not in it "
                    f"any more, such as {gone[0]}; 'load --anew' makes the store from what is there")
            self.kernel_numbers[i], self.run_numbers[i] = self.numbers.add(
                manifest, *(read[name][i] for name in ("kernel", "condition", "run")))
            # Events that were left out when their runs were loaded.
            late = manifest.events and events.get(manifest.warehouse) is False
            self.late_events[i] = {
                manifest.runs[uuid]: self.numbers.number_of(uuid) for uuid in owned
                if late and self.numbers.number_of(uuid) not in has}
        self.numbers.group()
        self.new_runs = {n: r for n, r in self.numbers.runs.items() if n > before}

    def _old_rows(self, name):
        if name not in self.parts:
            return []
        return [row.asDict() for row in self.store.table(name, state=self.base).collect()]

    def _collected(self, name):
        """The rows of a small table, by the number of the warehouse in the batch."""
        result = {i: [] for i in range(len(self.manifests))}
        rows = self._read(name, {i: m.tables.get(name, []) for i, m in enumerate(self.manifests)}).collect()
        for row in rows:
            row = row.asDict()
            result[row.pop("_w")].append(row)
        return result

    def _read(self, name, shards):
        return self.fleet.rows(name, shards)

    def _needed(self, name, i):
        """The shards of a table that have rows of runs to load."""
        wanted = set(self._wanted(name, i))
        # All of a warehouse that is new: whether its shards are of the runs that they are said to be shows then.
        is_new = self.manifests[i].warehouse not in self.known
        return [
            shard for shard in self.manifests[i].tables.get(name, [])
            if wanted and (
                is_new or shard.first_run is None or any(shard.first_run <= run <= shard.last_run for run in wanted))]

    def _wanted(self, name, i):
        """The runs to load, by the warehouse's own numbers."""
        wanted = {own: run for own, run in self.run_numbers[i].items() if run is not None}
        return wanted | self.late_events[i] if name == "event" else wanted

    def _map(self, name, columns, rows):
        """A small table to join with."""
        path = f"{self.store.folder}/loading/{self.number}-{name}.json"
        self.storage.remove(path)
        self.storage.write_rows(path, [dict(zip(columns, row)) for row in rows])
        return F.broadcast(self.spark.read.schema(
            StructType([StructField(column, LongType()) for column in columns])).json(path))

    # Functions, and what kernels know of them

    def _number_functions(self):
        """A number for each name, and the canonical name and system call of each."""
        if not any(self._shards("function").values()):
            # Recordings without a call.
            self.functions = empty(self.spark, StructType().add("_key", LongType()).add("_number", LongType()))
            return
        schema = self.tables["function"]
        new = self._read("function", self._shards("function"))
        old = self.store.table("function", state=self.base)
        names = new.select("name").distinct().join(old.select("name"), "name", "left_anti")
        first = old.agg(F.coalesce(F.max("function_id"), F.lit(0))).collect()[0][0]
        numbered = names.selectExpr(
            "name", f"CAST({first} + row_number() OVER (ORDER BY name) AS BIGINT) AS function_id")
        numbers = old.select("name", "function_id").union(numbered)
        rows = self._first("function", ["name"], old.withColumn("_w", F.lit(-1)).select(new.columns).union(new))
        rows = rows.drop("function_id").join(numbers, "name")
        self._write("function", rows.select(struct(schema).names).coalesce(1), replacing=True)
        self._tell_differing("function")
        function = self.store.table("function", state=self._now())
        local = new.select("_w", F.col("function_id").alias("_own"), "name")
        mapped = local.join(function.select("name", "function_id"), "name")
        self.functions = mapped.select(
            _key(F.col("_own")).alias("_key"), F.col("function_id").alias("_number"))
        path = f"{self.store.folder}/loading/{self.number}-functions"
        self.functions.coalesce(1).write.mode("overwrite").parquet(path)
        self.functions = self.spark.read.schema("_key BIGINT, _number BIGINT").parquet(path)
        count, keys = self.functions.agg(F.count("*"), F.count_distinct("_key")).collect()[0]
        shards = sum(s.rows for some in self._shards("function").values() for s in some)
        if count != shards or keys != count:
            raise Failure(
                DAMAGED, f"{self._names()}: {shards} functions have {keys} numbers and {count} names; export "
                "these warehouses again")

    def _shards(self, name):
        return {i: m.tables.get(name, []) for i, m in enumerate(self.manifests)}

    def _names(self):
        return ", ".join(m.path for m in self.manifests[:3]) + (" …" if len(self.manifests) > 3 else "")

    def _with_functions(self, rows, columns):
        """The rows with the numbers of all warehouses in columns that name functions."""
        for column in columns:
            numbers = self.functions.select(
                F.col("_key").alias(f"_key_{column}"), F.col("_number").alias(f"_new_{column}"))
            rows = rows.join(F.broadcast(numbers), F.col(f"_key_{column}") == _key(F.col(column)), "left")
        return rows

    def _first(self, name, keys, rows):
        """Of rows with one key: the first of each column, in the order of `_w`, as merging does it. What
        differs is counted and told."""
        first_known = FIRST_KNOWN.get(name, ())
        watched = WATCHED.get(name, ())
        aggregates = []
        for column in struct(self.tables[name]).names:
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
        if watched:
            seen = Observation()
            rows = rows.observe(
                seen, *[F.count_if(F.col(f"_differs_{c}")).alias(c) for c in watched])
            self.observed[name] = seen
        return rows.drop(*[f"_differs_{column}" for column in watched])

    def _tell_differing(self, name):
        for column, count in self.observed[name].get.items():
            if count:
                self.tell(
                    f"warning: {name}.{column} of {count} rows is not the same in all warehouses; the first counts")

    def _unite_kernel_functions(self, name):
        """Facts about functions of a kernel: those of kernels that these warehouses have are made anew."""
        if not any(self._shards(name).values()):
            return
        names = struct(self.tables[name]).names
        keys = self.tables[name]["natural_key"]
        rows = self._read(name, self._shards(name))
        kernels = self._map(name, ["_ww", "_kernel", "_new_kernel"], [
            (i, own, new) for i, some in self.kernel_numbers.items() for own, new in some.items()])
        rows = rows.join(kernels, (F.col("_ww") == F.col("_w")) & (F.col("_kernel") == F.col("kernel_id")), "left")
        rows = self._with_functions(rows, ["function_id"])
        seen = Observation()
        rows = rows.observe(
            seen, F.count(F.lit(1)).alias("rows"),
            F.count_if(F.col("_new_kernel").isNull()).alias("kernels"),
            F.count_if(F.col("_new_function_id").isNull()).alias("functions"))
        rows = rows.withColumn("kernel_id", F.col("_new_kernel")).withColumn(
            "function_id", F.col("_new_function_id")).select(*names, "_w")
        touched = {new for some in self.kernel_numbers.values() for new in some.values()}
        old = self.store.table(name, touched, self.base).withColumn("_w", F.lit(-1)).select(*names, "_w")
        self._write(name, self._first(name, keys, old.union(rows)).select(names))
        self._check_rows(name, self._shards(name), seen.get)
        self._tell_differing(name)

    def _unite_constant(self, name):
        names = struct(self.tables[name]).names
        rows = self._read(name, self._shards(name))
        old = self.store.table(name, state=self.base).withColumn("_w", F.lit(-1)).select(*names, "_w")
        united = self._first(name, self.tables[name]["natural_key"], old.union(rows))
        self._write(name, united.select(names).coalesce(1), replacing=True)

    # Rows that come with their run

    def _facts(self, name):
        """The rows of the new runs, with the numbers of all warehouses."""
        table = self.tables[name]
        names = struct(table).names
        shards = self.needed[name]
        if not any(shards.values()):
            return
        functions = [c["name"] for c in table["columns"] if (c["refers_to"] or "") == "function.function_id"]
        runs = self._map(name, ["_ww", "_run", "_new_run"], [
            (i, own, self._wanted(name, i).get(own))
            for i in range(len(self.manifests)) for own in self.run_numbers[i]])
        rows = self._read(name, shards)
        rows = rows.join(runs, (F.col("_ww") == F.col("_w")) & (F.col("_run") == F.col("run_id")), "left")
        rows = self._with_functions(rows, functions)
        seen = Observation()
        lost = F.lit(False)
        for column in functions:
            lost = lost | (F.col(column).isNotNull() & F.col(f"_new_{column}").isNull())
        rows = rows.observe(
            seen, F.count(F.lit(1)).alias("rows"), F.count_if(F.col("_run").isNull()).alias("runs"),
            F.count_if(lost).alias("functions"))
        rows = rows.where(F.col("_new_run").isNotNull())
        for column in functions:
            rows = rows.withColumn(column, F.col(f"_new_{column}"))
        rows = rows.withColumn("run_id", F.col("_new_run")).select(names)
        self._write(name, rows.sortWithinPartitions(*table["key"]))
        self._check_rows(name, shards, seen.get)

    def _check_rows(self, name, shards, seen):
        """What came out of the shards is what the manifests say, and refers to what is there."""
        expected = sum(shard.rows for some in shards.values() for shard in some)
        if seen["rows"] != expected:
            # A task that ran twice is observed twice: only a second look is sure.
            self._find_shard(name, shards)
        for what in ("runs", "kernels", "functions"):
            if seen.get(what):
                raise Failure(
                    DAMAGED, f"{self._names()}: {seen[what]} rows of {name} name {what} that are not there; "
                    "'tracequery sql' with PRAGMA foreign_key_check finds them on their host")

    def _find_shard(self, name, shards):
        """Names the first shard whose rows are not as many as its manifest says."""
        for i, some in shards.items():
            for shard in some:
                rows = self._read(name, {i: [shard]}).count()
                if rows != shard.rows:
                    raise Failure(
                        DAMAGED, f"{self.fleet.folder}/{shard.file}: the shard has {rows} rows, "
                        f"{self.manifests[i].path} says {shard.rows}; export that warehouse again")

    # Writing

    def _now(self):
        """The state as it is becoming."""
        return dict(self.base, parts=self.parts)

    def _write(self, name, rows, replacing=False):
        """Writes rows as what this load has of a table."""
        place = self.store.place(name, self.number)
        column = PARTITIONS.get(name)
        if column is None:
            rows.write.mode("overwrite").parquet(place)
            self.parts[name] = [self.number] if replacing else self.parts.get(name, []) + [self.number]
            return
        rows.repartition(column).sortWithinPartitions(*self.tables[name]["key"]).write.mode(
            "overwrite").partitionBy(column).parquet(place)
        written = {
            found.partition("=")[2]: self.number for found in self.storage.names(place)
            if found.startswith(f"{column}=")}
        self.parts[name] = dict(self.parts.get(name, {})) | written

    def _write_small(self):
        numbers = self.numbers
        rows = {
            "kernel": numbers.kernels.values(), "condition": numbers.conditions.values(),
            "run": numbers.runs.values(), "run_group": numbers.group_rows()}
        for name in SMALL:
            self._write_rows(name, struct(self.tables[name]), rows[name])
        self._write_rows(
            "owner", OWNERS, ({"uuid": u, "warehouse": w} for u, w in numbers.owners.items()))

    def _write_rows(self, name, schema, rows):
        path = f"{self.store.folder}/loading/{self.number}-{name}.json"
        self.storage.remove(path)
        self.storage.write_rows(path, rows)
        rows = self.spark.read.schema(schema).option("mode", "FAILFAST").json(path)
        self._write(name, rows.coalesce(1), replacing=True)

    def _warehouses(self):
        rows = {row["uuid"]: row for row in self.base["warehouses"]}
        for manifest in self.manifests:
            rows[manifest.warehouse] = {
                "uuid": manifest.warehouse, "content": manifest.content, "events": manifest.events,
                "runs": len(manifest.runs)}
        return list(rows.values())

    # What must add up

    def _new_rows(self, name):
        """What this batch brought of a table of facts."""
        brought = self.number in self.parts.get(name, [])
        state = dict(self.base, parts={name: [self.number] if brought else []})
        return self.store.table(name, state=state)

    def _check_sums(self):
        """seen = kept + dropped, and kept = the sum of calls, of every run."""
        sums = {}
        for name, value in (("call", "calls"), ("dropped", "events"), ("run_function", "calls")):
            rows = self._new_rows(name).groupBy("run_id").agg(F.sum(value)).collect()
            sums[name] = {run: total for run, total in rows}
        for number, run in self.new_runs.items():
            calls, dropped = sums["call"].get(number, 0), sums["dropped"].get(number, 0)
            rolled = sums["run_function"].get(number, 0)
            where = f"{self.numbers.owners[run['uuid']]}: run {run['uuid']}"
            if run["kept"] != calls or run["kept"] != rolled:
                raise Failure(
                    DAMAGED, f"warehouse {where} kept {run['kept']} events, but its calls are {calls}, those of its "
                    f"roll-up {rolled}; look at it with 'tracequery check'")
            if run["seen"] != run["kept"] + dropped:
                raise Failure(
                    DAMAGED, f"warehouse {where} saw {run['seen']} events, but kept {run['kept']} and dropped "
                    f"{dropped}; look at it with 'tracequery check'")

    # Roll-ups

    def _roll_up(self):
        """Adds the new runs to the roll-ups: only parts with such runs are written."""
        if not self.new_runs:
            return
        state = self._now()
        for name in ("function", "run", "run_group"):
            self.store.table(name, state=state).createOrReplaceTempView(name)
        for name in ("run_function", "edge"):
            self._new_rows(name).createOrReplaceTempView(name)
        for statement in rollup_statements():
            self.spark.sql(statement)
        self._write("run_size", self.spark.table("made_run_size").select(struct(self.tables["run_size"]).names))
        touched = {
            "group_id": {self.numbers.group_of(run) for run in self.new_runs},
            "condition_id": {row["condition_id"] for row in self.new_runs.values()}}
        with ThreadPoolExecutor(3) as pool:
            work = [
                pool.submit(self._add_up, name, touched[PARTITIONS[name]])
                for name in ("group_function", "runtime_function", "group_edge")]
            for one in work:
                one.result()

    def _add_up(self, name, keys):
        names = struct(self.tables[name]).names
        added = self.spark.table(f"made_{name}").select(names)
        rows = self.store.table(name, keys, self.base).union(added)
        self._write(name, rows.groupBy(*self.tables[name]["key"]).agg(
            F.sum("runs").alias("runs"), F.sum("calls").alias("calls")).select(names))


def _key(function):
    """A warehouse and its number of a function in one; NULL, nobody's, beyond the range of such numbers."""
    return F.when(function.between(0, (1 << 40) - 1), F.col("_w") * F.lit(1 << 40) + function)


def rollup_statements():
    """The statements of docs/export.md that make the roll-ups, without those about groups of runs, which are
    numbered here."""
    text = resources.files(__package__).joinpath("rollups.sql").read_text(encoding="utf-8")
    statements = [part.strip() for part in text.split(";\n") if part.strip()]
    return [
        statement.replace("CREATE TEMPORARY VIEW", "CREATE OR REPLACE TEMPORARY VIEW", 1)
        for statement in statements if "VIEW made_run_group" not in statement]


def _shapes(tables):
    return {
        name: [(column["name"], column["type"]) for column in table["columns"]] for name, table in tables.items()}
