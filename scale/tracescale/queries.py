"""The canned queries: the files of schema/queries as they are, and the values that their parameters take."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import resources

from .errors import USAGE, Failure

ROLES = ("app", "shim", "runtime", "sandbox", "gofer", "stub", "kthread", "other")
NOT_DEFAULT = ("shim", "runtime")
#: How many selections one parameter can have; the queries number them with a list of this length.
MOST_SELECTIONS = 16
DECLARATION = re.compile(r":(\w+) +(\w+)(?: *= *(.*?))? *: (.*)")


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    default: str | None
    help: str


@dataclass(frozen=True)
class Query:
    """A file: its header says what it answers and what it takes."""

    name: str
    sql: str
    description: str = ""
    parameters: tuple = ()

    @staticmethod
    def read(name, sql):
        lines, parameters = [], []
        for line in sql.splitlines():
            if not line.startswith("--"):
                break
            text = line[2:].strip()
            declared = DECLARATION.fullmatch(text)
            if declared:
                parameters.append(Parameter(*declared.groups()))
            elif text and not re.match(r"(Nullable|Example):", text):
                lines.append(text)
        return Query(name, sql, " ".join(lines), tuple(parameters))


def all_queries():
    folder = resources.files(__package__).joinpath("sql")
    files = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    found = [Query.read(file.name[:-4], file.read_text(encoding="utf-8")) for file in files]
    return {query.name: query for query in sorted(found, key=lambda query: query.name)}


@dataclass
class Binder:
    """Turns what a user gives for parameters into values.

    :param roles: default, all, or roles with commas.
    :param at_least: how many runs of a selection must reach a function; 0: all.
    """

    catalogue: object
    roles: str = "default"
    at_least: int = 1
    any_status: bool = False
    chosen: list = field(default_factory=list)

    def bind_cheapest(self, query, given, queries):
        """Binds a query, or NAME_groups in its place, which gives the same rows from the roll-ups, where
        selections are whole groups of runs and the roles are a set that groups keep.

        :return: the query and its values by name.
        """
        values = self.bind(query, given)
        rolled_up = queries.get(query.name + "_groups")
        if rolled_up is None:
            return query, values
        chosen = self.chosen
        try:
            return rolled_up, self.bind(
                rolled_up, {"role" if name == "roles" else name: value for name, value in given.items()})
        except Failure:
            self.chosen = chosen
            return query, values

    def bind(self, query, given):
        """:raises Failure: a value is missing or wrong."""
        self.chosen = []
        known = [parameter.name for parameter in query.parameters]
        for name in given:
            if name not in known:
                has = f"it has {', '.join(known)}" if known else "it has none"
                raise Failure(USAGE, f"query '{query.name}' has no parameter '{name}'; {has}")
        return {parameter.name: self._value(query, parameter, given.get(parameter.name))
                for parameter in query.parameters}

    def _value(self, query, parameter, text):
        def bad(problem):
            return Failure(USAGE, f"parameter '{parameter.name}' of query '{query.name}': {problem}")

        if text is None:
            if parameter.kind in ("roles", "role_set"):
                text = self.roles
            elif parameter.name == "at_least":
                return self.at_least
            else:
                text = parameter.default
        if text is None:
            raise Failure(USAGE, f"query '{query.name}' needs --param {parameter.name}=…: {parameter.help}")
        match parameter.kind:
            case "text":
                return text
            case "integer":
                if not re.fullmatch(r"[+-]?[0-9]{1,30}", text) or not -(1 << 63) <= int(text) < 1 << 63:
                    raise bad(f"'{text}' is no whole number")
                return int(text)
            case "roles":
                return bound(role for role in ROLES if role in chosen_roles(text))
            case "role_set":
                role = kept_role(chosen_roles(text))
                if role is None:
                    raise bad("groups keep single roles, default and all, no other sets")
                return role
            case "selection" | "selection_any":
                some = self._choose(text, self.any_status or parameter.kind == "selection_any")
                return bound(run.number for run in some.runs)
            case "groups":
                groups = self._choose(text, self.any_status).groups
                if groups is None:
                    raise bad(f"'{text}' is not made of whole groups of runs")
                return bound(groups)
            case "selections" | "group_sets":
                parts = [part for part in text.split(" ") if part]
                if not 1 <= len(parts) <= MOST_SELECTIONS:
                    raise bad(f"1 to {MOST_SELECTIONS} selections are wanted")
                sets = [self._choose(part, self.any_status) for part in parts]
                if parameter.kind == "selections":
                    return bound(f"{i}:{run.number}" for i, some in enumerate(sets, 1) for run in some.runs)
                if any(some.groups is None for some in sets):
                    raise bad(f"'{text}' is not made of whole groups of runs")
                return bound(f"{i}:{group}" for i, some in enumerate(sets, 1) for group in some.groups)
        raise bad(f"its kind '{parameter.kind}' is not known")

    def _choose(self, text, any_status):
        some = self.catalogue.choose(text, any_status)
        self.chosen.append(some)
        return some


def bound(items):
    """Items between commas, so that `,1,` is found in `,1,22,` and `,2,` is not."""
    return "," + "".join(f"{item}," for item in items)


def chosen_roles(text):
    """:raises Failure: there is no such role."""
    if text == "default":
        return set(ROLES) - set(NOT_DEFAULT)
    if text == "all":
        return set(ROLES)
    for role in text.split(","):
        if role not in ROLES:
            raise Failure(
                USAGE, f"there is no role '{role}'{meant(role, ('default', 'all') + ROLES)}; roles are "
                f"{', '.join(ROLES)}, or default, or all")
    return set(text.split(","))


def kept_role(roles):
    """What the roll-up of groups calls a set of roles; None when it does not keep it."""
    if roles == set(ROLES):
        return "(all)"
    if roles == set(ROLES) - set(NOT_DEFAULT):
        return "(default)"
    return next(iter(roles)) if len(roles) == 1 else None


def meant(name, names):
    near = get_close_matches(name, names, 1)
    return f" (did you mean '{near[0]}'?)" if near else ""
