"""One number for each run, condition, kernel and group of all warehouses.

Small tables, so this is done where the program runs. The order is the contract of docs/export.md: numbers are
given in the order of warehouses and of their runs, so that they are those of `collector merge`.
"""

from .errors import DAMAGED, USAGE, Failure

#: What a run's copies must agree in.
SAME = ("seen", "kept", "source_hash")
#: What the groups of the roll-ups are made of.
GROUPED = ("condition_id", "runtime", "workload", "status")


class Numbers:
    """What is numbered so far. `kernels`, `conditions` and `runs` are rows by number."""

    def __init__(self, kernels, conditions, runs, owners, groups):
        """:param owners: the warehouse of each run, by the run's UUID."""
        self.kernels = {row["kernel_id"]: row for row in kernels}
        self.conditions = {row["condition_id"]: row for row in conditions}
        self.runs = {row["run_id"]: row for row in runs}
        self.owners = owners
        self.groups = {tuple(row[name] for name in GROUPED): row["group_id"] for row in groups}
        self._kernels = {(r["release"], r["machine"]): n for n, r in self.kernels.items()}
        self._conditions = {_condition(r): n for n, r in self.conditions.items()}
        self._runs = {r["uuid"]: n for n, r in self.runs.items()}

    def add(self, manifest, kernels, conditions, runs):
        """Numbers the rows of a warehouse.

        :return: its own number of each kernel and each run, to the one of all. A run whose rows are taken
            from elsewhere, or are there already, has None.
        :raises Failure: the rows contradict those of other warehouses.
        """
        def damaged(what):
            return Failure(DAMAGED, f"{manifest.path}: {what}; export that warehouse again")

        kernels = {row["kernel_id"]: row for row in kernels}
        conditions = {row["condition_id"]: row for row in conditions}
        known_kernels, known_conditions, known_runs = {}, {}, {}
        if {row["uuid"]: row["run_id"] for row in runs} != manifest.runs:
            raise damaged("its runs are not those of its table run")

        def kernel(number):
            if number not in kernels:
                raise damaged(f"there is no kernel {number}")
            row = kernels[number]
            key = (row["release"], row["machine"])
            if key not in self._kernels:
                self._kernels[key] = len(self._kernels) + 1
                self.kernels[self._kernels[key]] = dict(row, kernel_id=self._kernels[key])
            known_kernels[number] = self._kernels[key]
            return known_kernels[number]

        def condition(number):
            if number not in conditions:
                raise damaged(f"there is no condition {number}")
            row = dict(conditions[number], kernel_id=kernel(conditions[number]["kernel_id"]))
            key = _condition(row)
            if key not in self._conditions:
                self._conditions[key] = len(self._conditions) + 1
                self.conditions[self._conditions[key]] = dict(row, condition_id=self._conditions[key])
            known_conditions[number] = self._conditions[key]
            return known_conditions[number]

        for row in sorted(runs, key=lambda row: row["run_id"]):
            known_runs[row["run_id"]] = None
            number = self._runs.get(row["uuid"])
            if number is None:
                number = self._runs[row["uuid"]] = len(self._runs) + 1
                self.owners[row["uuid"]] = manifest.warehouse
                known_runs[row["run_id"]] = number
            else:
                stored = self.runs[number]
                if any(stored[name] != row[name] for name in SAME):
                    raise Failure(
                        DAMAGED, f"{manifest.path}: run {row['uuid']} is there already, from warehouse "
                        f"{self.owners[row['uuid']]}, with other counts; one of the two was changed: remove it")
                if self.owners[row["uuid"]] != manifest.warehouse:
                    continue
            new = dict(row, run_id=number, condition_id=condition(row["condition_id"]))
            if number in self.runs and any(self.runs[number][name] != new[name] for name in GROUPED):
                raise Failure(
                    USAGE, f"{manifest.path}: run {row['uuid']} was loaded under another name of its runtime, "
                    "workload, status or condition; 'load --anew' makes the roll-ups anew")
            self.runs[number] = new
        for number in sorted(kernels):
            kernel(number)
        for number in sorted(conditions):
            condition(number)
        return known_kernels, known_runs

    def number_of(self, uuid):
        return self._runs[uuid]

    def group(self):
        """Numbers the groups of runs that have none yet, in the order of their first run."""
        for _, run in sorted(self.runs.items()):
            self.groups.setdefault(tuple(run[name] for name in GROUPED), len(self.groups) + 1)

    def group_rows(self):
        return [dict(zip(GROUPED, key), group_id=number) for key, number in self.groups.items()]

    def group_of(self, run):
        return self.groups[tuple(self.runs[run][name] for name in GROUPED)]


def _condition(row):
    return tuple(row[name] for name in ("kernel_id", "tracer", "method", "filters", "from_start"))
