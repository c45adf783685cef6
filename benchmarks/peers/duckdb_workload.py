"""DuckDB's side of the comparison; benchmarks/peer starts it and measures the whole process.

    duckdb_workload.py work    SOURCE AS_OF THREADS OUT   run duckdb_workload.sql, write OUT
    duckdb_workload.py compare PEER OURS                  print duckdb_compare.sql's rows as JSON
    duckdb_workload.py as-of   SOURCE                     print the day after the last order
    duckdb_workload.py version                            print DuckDB's version
"""

import json
import pathlib
import sys

import duckdb

HERE = pathlib.Path(__file__).resolve().parent


def quote(text):
    return "'" + str(text).replace("'", "''") + "'"


def table(source):
    reader = "read_parquet" if source.endswith(".parquet") else "read_csv"
    return f"{reader}({quote(source)})"


def statements(name, **values):
    """The statements of an SQL file with its :placeholders put in, comments taken out first."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith("--"))
    for key, value in values.items():
        text = text.replace(":" + key, value)
    return [s for s in text.split(";") if s.strip()]


def work(source, as_of, threads, out):
    db = duckdb.connect()
    db.execute(f"SET threads = {int(threads)}")
    db.execute("SET enable_progress_bar = false")
    for s in statements("duckdb_workload.sql", src=table(source), asof=f"DATE {quote(as_of)}", out=quote(out)):
        db.execute(s)


def compare(peer, ours):
    db = duckdb.connect()
    for s in statements("duckdb_compare.sql", peer=quote(peer), ours=quote(ours)):
        result = db.execute(s)
    rows = [dict(zip(("figure", "peer", "ours", "differing"), row)) for row in result.fetchall()]
    json.dump(sorted(rows, key=lambda row: row["figure"]), sys.stdout)


def as_of(source):
    day = duckdb.connect().execute(f"SELECT max(ordered_at)::DATE + 1 FROM {table(source)}").fetchone()[0]
    print(day)


def main(command, *args):
    commands = {"work": work, "compare": compare, "as-of": as_of, "version": lambda: print(duckdb.__version__)}
    if command not in commands:
        sys.exit(__doc__)
    commands[command](*args)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
