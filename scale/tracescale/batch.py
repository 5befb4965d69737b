"""Some warehouses, from their shards to a new state of the store. The rules are those of docs/export.md,
"What a loader does".
"""

from concurrent.futures import ThreadPoolExecutor

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import Observation
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

from .errors import DAMAGED, USAGE, Failure
from .fleet import problem, status, struct
from .functions import Functions
from .numbers import Numbers
from .rollups import roll_up
from .store import PARTITIONS
from .uniting import unite_constant

#: Tables whose rows are decided where the program runs.
SMALL = ("kernel", "condition", "run", "run_group")
OWNERS = StructType([StructField("uuid", StringType()), StructField("warehouse", StringType())])


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
        self.functions = Functions(self)
        with ThreadPoolExecutor(4) as pool:
            work = [pool.submit(self.functions.unite_of_kernels, name) for name in ("kernel_function", "metric")]
            work += [pool.submit(unite_constant, self, name) for name in ("stat", "syscall")]
            work += [pool.submit(self._facts, name) for name in self.needed]
            for one in work:
                one.result()
        self._write_small()
        self._check_sums()
        roll_up(self)
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
        rows = self.read(name, {i: m.tables.get(name, []) for i, m in enumerate(self.manifests)}).collect()
        for row in rows:
            row = row.asDict()
            result[row.pop("_w")].append(row)
        return result

    def read(self, name, shards):
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

    def map(self, name, columns, rows):
        """A small table to join with."""
        path = f"{self.store.folder}/loading/{self.number}-{name}.json"
        self.storage.remove(path)
        self.storage.write_rows(path, [dict(zip(columns, row)) for row in rows])
        return F.broadcast(self.spark.read.schema(
            StructType([StructField(column, LongType()) for column in columns])).json(path))

    def shards(self, name):
        return {i: m.tables.get(name, []) for i, m in enumerate(self.manifests)}

    def names(self):
        return ", ".join(m.path for m in self.manifests[:3]) + (" …" if len(self.manifests) > 3 else "")

    # Rows that come with their run

    def _facts(self, name):
        """The rows of the new runs, with the numbers of all warehouses."""
        table = self.tables[name]
        names = struct(table).names
        shards = self.needed[name]
        if not any(shards.values()):
            return
        functions = [c["name"] for c in table["columns"] if (c["refers_to"] or "") == "function.function_id"]
        runs = self.map(name, ["_ww", "_run", "_new_run"], [
            (i, own, self._wanted(name, i).get(own))
            for i in range(len(self.manifests)) for own in self.run_numbers[i]])
        rows = self.read(name, shards)
        rows = rows.join(runs, (F.col("_ww") == F.col("_w")) & (F.col("_run") == F.col("run_id")), "left")
        rows = self.functions.numbered(rows, functions)
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
        self.write(name, rows.sortWithinPartitions(*table["key"]))
        self.check_rows(name, shards, seen.get)

    def check_rows(self, name, shards, seen):
        """What came out of the shards is what the manifests say, and refers to what is there."""
        expected = sum(shard.rows for some in shards.values() for shard in some)
        if seen["rows"] != expected:
            # A task that ran twice is observed twice: only a second look is sure.
            self._find_shard(name, shards)
        for what in ("runs", "kernels", "functions"):
            if seen.get(what):
                raise Failure(
                    DAMAGED, f"{self.names()}: {seen[what]} rows of {name} name {what} that are not there; "
                    "'tracequery sql' with PRAGMA foreign_key_check finds them on their host")

    def _find_shard(self, name, shards):
        """Names the first shard whose rows are not as many as its manifest says."""
        for i, some in shards.items():
            for shard in some:
                rows = self.read(name, {i: [shard]}).count()
                if rows != shard.rows:
                    raise Failure(
                        DAMAGED, f"{self.fleet.folder}/{shard.file}: the shard has {rows} rows, "
                        f"{self.manifests[i].path} says {shard.rows}; export that warehouse again")

    # Writing

    def now(self):
        """The state as it is becoming."""
        return dict(self.base, parts=self.parts)

    def write(self, name, rows, replacing=False):
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
        self.write(name, rows.coalesce(1), replacing=True)

    def _warehouses(self):
        rows = {row["uuid"]: row for row in self.base["warehouses"]}
        for manifest in self.manifests:
            rows[manifest.warehouse] = {
                "uuid": manifest.warehouse, "content": manifest.content, "events": manifest.events,
                "runs": len(manifest.runs)}
        return list(rows.values())

    # What must add up

    def new_rows(self, name):
        """What this batch brought of a table of facts."""
        brought = self.number in self.parts.get(name, [])
        state = dict(self.base, parts={name: [self.number] if brought else []})
        return self.store.table(name, state=state)

    def _check_sums(self):
        """seen = kept + dropped, and kept = the sum of calls, of every run."""
        sums = {}
        for name, value in (("call", "calls"), ("dropped", "events"), ("run_function", "calls")):
            rows = self.new_rows(name).groupBy("run_id").agg(F.sum(value)).collect()
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
