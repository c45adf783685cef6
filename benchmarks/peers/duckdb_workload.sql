-- What DuckDB does in the comparison: the ledger, the customer figures, Pareto classes and RFM scores, one
-- Parquet file. duckdb_workload.py puts in :src (read_csv or read_parquet of the order lines), :asof (a DATE,
-- the day after the last order) and :out (the file to write). Sums are doubles, as the exports are read.

-- One row per customer and day. An order of the generator lies on one day, so counting order ids within the
-- day counts every order once.
CREATE TEMP TABLE ledger AS
SELECT customer_id, CAST(ordered_at AS DATE) AS day,
       count(DISTINCT order_id) AS orders,
       sum(quantity) AS units,
       sum(quantity * unit_price * (1 - discount_rate)) AS net_sales,
       sum(quantity * (unit_price * (1 - discount_rate) - unit_cost)) AS gross_profit
FROM :src
GROUP BY ALL;

COPY (
  -- One row per customer: first and last day, repeat days, age, all time and the two trailing years.
  WITH feature AS (
    SELECT customer_id,
           min(day) AS first_day, max(day) AS last_day,
           count(*) - 1 AS frequency,
           date_diff('day', min(day), max(day)) AS recency,
           date_diff('day', min(day), :asof) AS age,
           sum(orders) AS orders, sum(units) AS units,
           sum(net_sales) AS net_sales, sum(gross_profit) AS gross_profit,
           sum(net_sales) FILTER (WHERE day >= :asof - INTERVAL 365 DAY) AS net_sales_window,
           sum(net_sales) FILTER (WHERE day < :asof - INTERVAL 365 DAY AND day >= :asof - INTERVAL 730 DAY) AS net_sales_before
    FROM ledger
    GROUP BY 1),
  -- Rank, cumulative share and quintiles over all customers. ntile cuts through ties; ours does not.
  ranked AS (
    SELECT *,
           row_number() OVER (ORDER BY net_sales DESC, customer_id) AS sales_rank,
           sum(net_sales) OVER (ORDER BY net_sales DESC, customer_id ROWS UNBOUNDED PRECEDING)
             / sum(net_sales) OVER () AS sales_cum_share,
           ntile(5) OVER (ORDER BY last_day) AS r,
           ntile(5) OVER (ORDER BY frequency) AS f,
           ntile(5) OVER (ORDER BY net_sales) AS m
    FROM feature)
  SELECT *, CASE WHEN sales_cum_share <= 0.8 THEN 'A' WHEN sales_cum_share <= 0.95 THEN 'B' ELSE 'C' END AS sales_class
  FROM ranked
  ORDER BY sales_rank
) TO :out (FORMAT parquet);
