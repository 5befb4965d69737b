"""Brings exports into a store, batch by batch.

Each batch of warehouses ends with a new state of the store, so that a load that was interrupted goes on where
it was.
"""

from .batch import Batch
from .errors import ENVIRONMENT, USAGE, Failure
from .store import Store

#: Warehouses whose numbers of functions are held in memory at once.
BATCH = 16


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
            self.tell(f"{start + len(some)} of {len(changed)} warehouses are read, {count} new runs")
        if not changed:
            self.tell("nothing is new")
        self.store.storage.remove(f"{self.store.folder}/loading")
        return came

    def _tell_replaced(self, manifests):
        """What was missing or wrong may have been replaced by its host.

        :raises Failure: it was.
        """
        for manifest in manifests:
            if not self.fleet.is_current(manifest):
                raise Failure(
                    ENVIRONMENT, f"{manifest.path}: its host has exported again meanwhile; load again") from None


def _shapes(tables):
    return {
        name: [(column["name"], column["type"]) for column in table["columns"]] for name, table in tables.items()}
