-- Do both sides say the same? :peer is what duckdb_workload.sql wrote, :ours a published customers.parquet.
-- Doubles are rounded to the four digits that our amounts have; then everything has to be equal.
CREATE TEMP TABLE peer AS
SELECT customer_id, first_day, last_day, frequency, orders::HUGEINT AS orders,
       round(units, 4)::DECIMAL(38, 4) AS units,
       round(net_sales, 4)::DECIMAL(38, 4) AS net_sales,
       round(gross_profit, 4)::DECIMAL(38, 4) AS gross_profit,
       round(coalesce(net_sales_window, 0), 4)::DECIMAL(38, 4) AS net_sales_window,
       sales_class
FROM read_parquet(:peer);

-- Our class is by window sales, on the positive customers, by the share before a tie group. Here the peer's
-- rule is put on our all-time sales, so that the classes can be compared.
CREATE TEMP TABLE ours AS
SELECT customer_id, first_day, last_day, purchase_days - 1 AS frequency, orders::HUGEINT AS orders,
       units::DECIMAL(38, 4) AS units,
       net_sales::DECIMAL(38, 4) AS net_sales,
       gross_profit::DECIMAL(38, 4) AS gross_profit,
       coalesce(net_sales_window, 0)::DECIMAL(38, 4) AS net_sales_window,
       CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END AS sales_class
FROM (SELECT *, (sum(net_sales) OVER (ORDER BY net_sales DESC, customer_id ROWS UNBOUNDED PRECEDING))::DOUBLE
                / (sum(net_sales) OVER ())::DOUBLE AS share
      FROM read_parquet(:ours));

-- One row per figure: its name, the peer's total, ours, and in how many customers they differ.
WITH pair AS (
  SELECT p, o FROM peer AS p FULL JOIN ours AS o ON p.customer_id = o.customer_id)
SELECT 'customers', (SELECT count(*) FROM peer)::VARCHAR, (SELECT count(*) FROM ours)::VARCHAR,
       count(*) FILTER (p.customer_id IS NULL OR o.customer_id IS NULL) FROM pair
UNION ALL SELECT 'orders', sum(p.orders)::VARCHAR, sum(o.orders)::VARCHAR,
       count(*) FILTER (p.orders IS DISTINCT FROM o.orders) FROM pair
UNION ALL SELECT 'units', sum(p.units)::VARCHAR, sum(o.units)::VARCHAR,
       count(*) FILTER (p.units IS DISTINCT FROM o.units) FROM pair
UNION ALL SELECT 'net_sales', sum(p.net_sales)::VARCHAR, sum(o.net_sales)::VARCHAR,
       count(*) FILTER (p.net_sales IS DISTINCT FROM o.net_sales) FROM pair
UNION ALL SELECT 'gross_profit', sum(p.gross_profit)::VARCHAR, sum(o.gross_profit)::VARCHAR,
       count(*) FILTER (p.gross_profit IS DISTINCT FROM o.gross_profit) FROM pair
UNION ALL SELECT 'net_sales_window', sum(p.net_sales_window)::VARCHAR, sum(o.net_sales_window)::VARCHAR,
       count(*) FILTER (p.net_sales_window IS DISTINCT FROM o.net_sales_window) FROM pair
UNION ALL SELECT 'first_day', min(p.first_day)::VARCHAR, min(o.first_day)::VARCHAR,
       count(*) FILTER (p.first_day IS DISTINCT FROM o.first_day) FROM pair
UNION ALL SELECT 'last_day', max(p.last_day)::VARCHAR, max(o.last_day)::VARCHAR,
       count(*) FILTER (p.last_day IS DISTINCT FROM o.last_day) FROM pair
UNION ALL SELECT 'repeat_days', sum(p.frequency)::VARCHAR, sum(o.frequency)::VARCHAR,
       count(*) FILTER (p.frequency IS DISTINCT FROM o.frequency) FROM pair
UNION ALL SELECT 'class_' || c, (count(*) FILTER (p.sales_class = c))::VARCHAR, (count(*) FILTER (o.sales_class = c))::VARCHAR,
       count(*) FILTER ((p.sales_class = c) IS DISTINCT FROM (o.sales_class = c))
  FROM pair, (VALUES ('A'), ('B'), ('C')) AS class(c) GROUP BY c;
