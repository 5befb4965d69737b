"""The warehouses of many hosts as one: loaded from their exports into Parquet, asked by the canned SQL.

What is read is described in docs/export.md; what is written, in scale/README.md. Everything runs in Spark's
own engine: no Python runs on executors, so that a cluster needs nothing installed.
"""
