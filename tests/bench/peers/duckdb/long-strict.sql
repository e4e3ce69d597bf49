-- Every field as text, held to the form that the product accepts, and to the month's own list of starts.
CREATE TEMP TABLE starts AS
SELECT t::SMALLINT AS t,
	strftime(make_timestamp((getvariable('utc_start') + 900 * t + 3600 * zone) * 1000000), '%Y-%m-%dT%H:%M:%S') || '+0' || zone || ':00' AS interval_start
FROM (SELECT t, CASE WHEN t < 2412 THEN 2 ELSE 1 END AS zone FROM range(getvariable('intervals')) r(t));

CREATE TEMP TABLE readings AS
SELECT p, t, t IS NOT NULL AS on_grid,
	CASE WHEN regexp_full_match(kwh, '(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?') THEN (kwh::DECIMAL(12,3) * 1000)::INTEGER END AS wh
FROM read_csv('{dir}/data/2025-10/*.csv', header = true, auto_detect = false, delim = ',', quote = '', escape = '',
	columns = { metering_point: 'VARCHAR', interval_start: 'VARCHAR', kwh: 'VARCHAR' })
LEFT JOIN points USING (metering_point)
LEFT JOIN starts USING (interval_start);
