#!/usr/bin/env python3
"""What scale/ does without Spark, as JSON, for the tests to compare with tracequery's own.

    without_spark.py < {"selections": [text], "numbers": [text], "texts": [text]}
"""

import io
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../scale"))

from tracescale import formats, queries, selection  # noqa: E402
from tracescale.errors import Failure  # noqa: E402


def complaint(text):
    try:
        selection._terms(text)
    except Failure as failure:
        return failure.text


def written(style, texts):
    out = io.StringIO()
    formats.write(style, ["comm", "value"], [(text, None) for text in texts], out)
    return out.getvalue()


given = json.load(sys.stdin)
json.dump({
    "queries": [
        {"name": query.name, "description": query.description,
         "parameters": [[p.name, p.kind, p.default, p.help] for p in query.parameters]}
        for query in queries.all_queries().values()],
    "complaints": [complaint(text) for text in given["selections"]],
    "numbers": [formats.number(float(text)) for text in given["numbers"]],
    "texts": {style: written(style, given["texts"]) for style in formats.FORMATS},
}, sys.stdout)
