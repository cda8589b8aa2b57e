"""Reads what `ddu` writes with DuckDB, pandas, polars and Spark, and compares what they see.

    python scripts/read_outputs.py PARTS WHOLE.parquet [RUN]

PARTS is a folder of `ddu matrix --shard`, WHOLE the file that `ddu merge` makes of it, RUN a folder of `ddu run`.
Needs: pip install duckdb pandas polars pyarrow pyspark (and Java for Spark).
"""

import glob
import os
import sys
from decimal import Decimal

import duckdb
import pandas
import polars
import pyarrow
import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

SHARED = "sum of outbound_usd where there is a path; rows; rows without path"


def of_duckdb(source: str) -> tuple:
    query = f"SELECT sum(outbound_usd), count(*), sum(CAST(outbound_usd IS NULL AS INT)) FROM read_parquet('{source}')"
    total, rows, empty = duckdb.sql(query).fetchall()[0]
    return Decimal(total), rows, int(empty)


def of_pandas(source: str) -> tuple:
    table = pandas.read_parquet(source)
    return sum(table["outbound_usd"].dropna(), Decimal(0)), len(table), int(table["outbound_usd"].isna().sum())


def of_polars(source: str) -> tuple:
    column = polars.col("outbound_usd")
    row = polars.scan_parquet(source).select(column.sum(), polars.len(), column.null_count().alias("empty")).collect()
    total, rows, empty = row.row(0)
    return Decimal(total), rows, empty


def main() -> None:
    parts, whole = sys.argv[1], sys.argv[2]
    print("duckdb", duckdb.__version__, "pandas", pandas.__version__, "polars", polars.__version__,
          "pyarrow", pyarrow.__version__, "pyspark", pyspark.__version__)
    spark = SparkSession.builder.master("local[2]").appName("read outputs").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")

    def of_spark(source: str) -> tuple:
        column = f.col("outbound_usd")
        row = spark.read.parquet(source).select(
            f.sum(column), f.count(f.lit(1)), f.sum(column.isNull().cast("int"))).first()
        return row[0], row[1], row[2]

    answers = {
        "duckdb, parts": of_duckdb(f"{parts}/*/*.parquet"),
        "duckdb, whole": of_duckdb(whole),
        "pandas, parts": of_pandas(parts),
        "pandas, whole": of_pandas(whole),
        "polars, parts": of_polars(f"{parts}/**/*.parquet"),
        "polars, whole": of_polars(whole),
        "spark, parts": of_spark(parts),
        "spark, whole": of_spark(whole),
    }
    print(SHARED)
    for reader, answer in answers.items():
        print(f"  {reader:15} {answer}")
    assert len(set(answers.values())) == 1, "they differ"
    assert "shard" in spark.read.parquet(parts).columns, "the part is a column"
    if len(sys.argv) > 3:
        for path in sorted(glob.glob(os.path.join(sys.argv[3], "*.csv")) + glob.glob(os.path.join(sys.argv[3], "*.parquet"))):
            read = "read_parquet" if path.endswith("parquet") else "read_csv"
            rows = {
                "duckdb": duckdb.sql(f"SELECT count(*) FROM {read}('{path}')").fetchall()[0][0],
                "pandas": len(pandas.read_parquet(path) if path.endswith("parquet") else pandas.read_csv(path)),
                "polars": (polars.read_parquet(path) if path.endswith("parquet")
                           else polars.read_csv(path, infer_schema_length=None)).height,
                "spark": (spark.read.parquet(path) if path.endswith("parquet")
                          else spark.read.option("header", True).option("multiLine", True).option("escape", '"').csv(path)).count(),
            }
            print(f"  {os.path.basename(path):25} {rows}")
            assert len(set(rows.values())) == 1, path
    spark.stop()


if __name__ == "__main__":
    main()
