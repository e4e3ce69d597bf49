CREATE TEMP TABLE readings AS
SELECT p, ((epoch(interval_start)::BIGINT - getvariable('utc_start')) // 900)::SMALLINT AS t,
	(epoch(interval_start)::BIGINT - getvariable('utc_start')) % 900 = 0 AS on_grid,
	(kwh * 1000)::INTEGER AS wh
FROM read_csv('{dir}/data/2025-10/*.csv', header = true, auto_detect = false, delim = ',', quote = '', escape = '',
	columns = { metering_point: 'VARCHAR', interval_start: 'TIMESTAMPTZ', kwh: 'DECIMAL(12,3)' })
LEFT JOIN points USING (metering_point);
