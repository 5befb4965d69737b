"""Answers in the formats of `tracequery`, byte for byte."""

import json
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

FORMATS = ("table", "csv", "tsv", "json", "ndjson", "markdown")
IDENTIFIERS = {
    "pid", "incarnation", "tgid", "parent_pid", "number", "cpu", "repeat", "from_start", "position"}
COUNTS = {
    "calls", "runs", "of_runs", "functions", "functions_min", "functions_max", "syscalls", "lost", "events", "seen",
    "kept", "pids", "processes", "known", "functions_valued", "functions_known"}
REALS = {
    "share", "functions_mean", "unknown_share", "function_share", "metric_value", "value_sum", "value_mean",
    "value_min", "value_max"}
TEXTS = {
    "function", "module", "syscall", "abi", "arch", "side", "other_side", "runtime", "workload", "label", "kernel",
    "machine", "tracer", "method", "filters", "status", "role", "comm", "field", "reason", "severity", "help",
    "caller", "callee", "metric", "origin"}


def write(style, columns, rows, out):
    """Writes rows of None, int, float and str.

    :param columns: their names.
    """
    rows = [list(row) for row in rows]
    kinds = [_kind(name) for name in columns]
    if style in ("table", "markdown"):
        columns, kinds, rows = _with_fraction(columns, kinds, rows)
    {"table": _table, "csv": _csv, "tsv": _tsv, "json": _json, "ndjson": _ndjson, "markdown": _markdown}[style](
        columns, kinds, rows, out)


def _kind(name):
    for kind, names in (("identifier", IDENTIFIERS), ("count", COUNTS), ("real", REALS), ("text", TEXTS)):
        if name in names:
            return kind
    return "identifier" if name.endswith("_id") else "any"


def _with_fraction(columns, kinds, rows):
    """People read runs and of_runs as 3/5."""
    if "runs" not in columns[:-1] or columns[columns.index("runs") + 1] != "of_runs":
        return columns, kinds, rows
    at = columns.index("runs")
    for row in rows:
        if isinstance(row[at], int) and isinstance(row[at + 1], int):
            row[at:at + 2] = [f"{row[at]}/{row[at + 1]}"]
        else:
            row.pop(at + 1)
    columns = columns[:at + 1] + columns[at + 2:]
    return columns, kinds[:at] + ["fraction"] + kinds[at + 2:], rows


def plain(value):
    return "" if value is None else number(value) if isinstance(value, float) else str(value)


def number(value):
    """A real with the fewest digits that give it again, as Swift writes it."""
    if value != value:
        return "nan"
    text = repr(value)
    # From where integers are not exact any more, an exponent.
    if "e" not in text and 2.0 ** 53 < abs(value) < float("inf"):
        digits = str(int(abs(value)))
        first, rest = digits[0], digits[1:].rstrip("0")
        return f"{'-' * (value < 0)}{first}{'.' * bool(rest)}{rest}e+{len(digits) - 1}"
    return text


def is_obeyed(character):
    """Whether a terminal may act on it instead of showing it."""
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def visible(text, escaping_backslash=False, keeping=""):
    """Text with every character that a terminal could obey as an escape."""
    result = []
    names = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    for character in text:
        if character == "\\" and escaping_backslash:
            result.append("\\\\")
        elif character in keeping or not is_obeyed(character):
            result.append(character)
        else:
            result.append(names.get(character) or f"\\u{{{ord(character):x}}}")
    return "".join(result)


def _csv(columns, kinds, rows, out):
    def one(value):
        if not isinstance(value, str):
            return plain(value)
        shown = visible(value, keeping="\n\r\t")
        if shown and not re.search(r'[,"\x00-\x1f]', shown):
            return shown
        return '"' + shown.replace('"', '""') + '"'

    for row in [columns] + rows:
        out.write(",".join(map(one, row)) + "\r\n")


def _tsv(columns, kinds, rows, out):
    for row in [columns] + rows:
        out.write("\t".join(visible(plain(value), escaping_backslash=True) for value in row) + "\n")


def _json_value(value):
    if isinstance(value, float):
        return number(value) if value - value == 0 else "null"
    if not isinstance(value, str):
        return json.dumps(value)
    result = []
    names = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    for character in value:
        if character in names:
            result.append(names[character])
        elif is_obeyed(character):
            units = character.encode("utf-16-be")
            result += [f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2)]
        else:
            result.append(character)
    return '"' + "".join(result) + '"'


def _objects(columns, rows):
    taken, keys = set(), []
    for name in columns:
        key, count = name, 2
        while key in taken:
            key, count = f"{name}_{count}", count + 1
        taken.add(key)
        keys.append(_json_value(key))
    for row in rows:
        yield "{" + ",".join(f"{key}:{_json_value(value)}" for key, value in zip(keys, row)) + "}"


def _json(columns, kinds, rows, out):
    objects = list(_objects(columns, rows))
    out.write("[\n" + ",\n".join(objects) + "\n]\n" if objects else "[]\n")


def _ndjson(columns, kinds, rows, out):
    for one in _objects(columns, rows):
        out.write(one + "\n")


def _markdown(columns, kinds, rows, out):
    def one(value):
        shown = visible(plain(value))
        result = ""
        for i, character in enumerate(shown):
            if (character == ":" and shown[i + 1:i + 3] == "//") or (
                    character == "." and result.lower().endswith("www")) or character in "\\`*_|[]~":
                result += "\\"
            result += {"<": "&lt;", "&": "&amp;"}.get(character, character)
        return result

    lines = [map(one, columns), ("---" if kind in ("text", "any") else "---:" for kind in kinds)]
    for line in lines + [map(one, row) for row in rows]:
        out.write("| " + " | ".join(line) + " |\n")


def _table(columns, kinds, rows, out):
    def one(value, kind):
        if isinstance(value, str):
            return visible(value)
        if isinstance(value, float):
            return _rounded(value)
        if kind == "count" and value is not None:
            return re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", str(value))
        return plain(value)

    names = [visible(name) for name in columns]
    shown = [[one(value, kind) for value, kind in zip(row, kinds)] for row in rows]
    right = []
    for i, kind in enumerate(kinds):
        values = [row[i] for row in rows if row[i] is not None]
        texts = any(isinstance(value, str) for value in values)
        right.append(kind not in ("text", "any") or (kind == "any" and bool(values) and not texts))
    widths = [max(map(_width, column)) for column in zip(names, *shown)]
    lines = []
    for line in [names] + shown:
        fields = []
        for text, width, is_right in zip(line, widths, right):
            padding = " " * (width - _width(text))
            fields.append(padding + text if is_right else text + padding)
        lines.append("  ".join(fields).rstrip(" "))
    if getattr(out, "isatty", bool)():
        lines[0] = f"\x1b[1m{lines[0]}\x1b[0m"
    out.write("\n".join(lines) + "\n")


def _rounded(value):
    """At most three decimals; numbers too large to have any as they are."""
    if not abs(value) < 1e12:
        return number(value)
    scaled = Decimal(value * 1000)
    text = number(float(scaled.quantize(Decimal(1), ROUND_HALF_UP)) / 1000)
    return text[:-2] if text.endswith(".0") else text


def _width(text):
    """Columns of a terminal: 0 for combining marks, 2 for wide characters."""
    width = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf") or 0x1160 <= ord(character) <= 0x11ff:
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width
