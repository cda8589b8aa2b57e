"""Parts of a matrix by Apache Spark: every task is one `ddu matrix --shard`, and Spark reads what they wrote as one table.

    spark-submit matrix_parts.py DDU SCENARIO PARTS FOLDER

FOLDER and the scenario's files must be reachable from every worker under the same path. A part that Spark makes twice
(a lost executor, speculation) has the same bytes; `ddu merge FOLDER -o matrix.parquet` joins the same parts.
"""

import shlex
import sys

from pyspark.sql import SparkSession


def main() -> None:
    ddu, scenario, parts, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    spark = SparkSession.builder.appName("ddu matrix").getOrCreate()
    make = (
        f"{shlex.quote(ddu)} matrix {shlex.quote(scenario)} --shard $part/{parts}"
        f" -o {shlex.quote(folder)} --force --quiet < /dev/null"
    )
    # Each partition holds one number, which the command reads; a command that fails fails the job.
    numbers = spark.sparkContext.parallelize([str(part) for part in range(1, parts + 1)], parts)
    script = f"set -e; while read part; do {make}; echo $part; done"
    made = numbers.pipe(f"sh -c {shlex.quote(script)}", checkCode=True).collect()
    assert sorted(map(int, made)) == list(range(1, parts + 1)), made
    matrix = spark.read.parquet(folder)
    matrix.createOrReplaceTempView("matrix")
    spark.sql(
        """SELECT vehicle, count(*) AS cells, sum(CAST(outbound_status = 'ok' AS INT)) AS reached,
                  min(outbound_usd) AS least_usd
           FROM matrix GROUP BY vehicle ORDER BY vehicle"""
    ).show()
    print(f"{matrix.count()} rows in {parts} parts")
    spark.stop()


if __name__ == "__main__":
    main()
