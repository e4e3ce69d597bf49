-- A second implementation of a month by interval, for DuckDB (written for 1.5): the rule "proportional"
-- with the matrix "chain", on readings in any of the three forms. It shares nothing with the program and
-- gives the same watt-hours. Run it in a clone of the repository; docs/spec/intervals.md has an example.
-- Before it, set what the manifest says of the month:
--
--   SET VARIABLE period = '2026-10';
--   SET VARIABLE files = ['data/2026-10/*.csv'];    -- the effective files, or patterns of them
--   SET VARIABLE utc_start = '2026-09-30T22:00:00Z';
--   SET VARIABLE interval_minutes = 15;
--   SET VARIABLE intervals = 2980;
--   SET VARIABLE offsets = [{'from': '2026-09-30T22:00:00Z', 'minutes': 120},
--                           {'from': '2026-10-25T01:00:00Z', 'minutes': 60}];
--   SET VARIABLE absent = []::VARCHAR[];            -- entities in absent.csv
--   SET VARIABLE excluded = []::VARCHAR[];          -- entities that the rule set excludes
--
-- Not for files with quotes, which only private columns need; a reading that is not of the form that
-- docs/spec/layout.md gives stops it, and so does one that is missing or there twice.

-- 1. Time: the instant, local day and place in the day of each interval.

-- Nothing where there is no offset: DuckDB would take such a time for UTC.
CREATE OR REPLACE TEMP MACRO instant(text) AS
	CASE WHEN regexp_full_match(text, '[0-9-]{10}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})')
		THEN epoch(text::TIMESTAMPTZ)::BIGINT END;

CREATE OR REPLACE TEMP TABLE intervals AS
WITH starts AS (
	SELECT t, instant(getvariable('utc_start')) + t * 60 * getvariable('interval_minutes') AS start
	FROM range(getvariable('intervals')) AS r(t)
), clocks AS (
	SELECT instant(o."from") AS since, o.minutes FROM (SELECT unnest(getvariable('offsets')) AS o)
), days AS (
	-- Clocks set back across midnight do not return to the day before.
	SELECT t, start, max((start + 60 * minutes) // 86400) OVER (ORDER BY t) AS day
	FROM starts ASOF JOIN clocks ON start >= since
)
SELECT t, start, strftime(DATE '1970-01-01' + day::INTEGER, '%Y-%m-%d') AS date,
	row_number() OVER (PARTITION BY day ORDER BY t) AS place
FROM days;

-- 2. Who is measured where.

CREATE OR REPLACE TEMP TABLE points AS
SELECT metering_point AS point, entity, direction
FROM read_csv('data/metering-points.csv', header = true, all_varchar = true)
WHERE valid_from <= getvariable('period')
	AND (coalesce(valid_to, '') = '' OR valid_to >= getvariable('period'))
	AND NOT list_contains(getvariable('absent'), entity);

-- 3. Readings: lines taken apart by the header of their file, whatever its form.

CREATE OR REPLACE TEMP TABLE lines AS
SELECT filename, string_split(rtrim(ltrim(line, chr(65279)), chr(13)), ',') AS cells
FROM read_csv(getvariable('files'), columns = {'line': 'VARCHAR'}, header = false,
	auto_detect = false, delim = '\0', quote = '', escape = '', filename = true)
WHERE NOT regexp_matches(filename, '(^|/)(absent|waivers|substitutes)\.csv$');

CREATE OR REPLACE TEMP MACRO cell(cells, names, name) AS cells[list_position(names, name)];

CREATE OR REPLACE TEMP TABLE readings AS
WITH headers AS (
	SELECT filename, cells AS names FROM lines
	WHERE list_contains(cells, 'metering_point') OR list_contains(cells, 'interval_start')
), rows_of_files AS (
	SELECT names, cells FROM lines JOIN headers USING (filename) WHERE cells <> names
), long AS (
	SELECT cell(cells, names, 'metering_point') AS point,
		instant(cell(cells, names, 'interval_start')) AS start, cell(cells, names, 'kwh') AS kwh
	FROM rows_of_files WHERE list_contains(names, 'kwh')
), wide AS (
	SELECT unnest(names) AS point, instant(cell(cells, names, 'interval_start')) AS start,
		unnest(cells) AS kwh
	FROM rows_of_files WHERE NOT list_contains(names, 'metering_point')
), days AS (
	SELECT cell(cells, names, 'metering_point') AS point, cell(cells, names, 'date') AS date,
		unnest(names) AS name, unnest(cells) AS kwh
	FROM rows_of_files WHERE list_contains(names, 'date')
), found AS (
	SELECT point, t, kwh FROM long LEFT JOIN intervals USING (start)
	UNION ALL
	SELECT point, t, kwh FROM wide LEFT JOIN intervals USING (start)
	WHERE kwh <> '' AND point <> 'interval_start' AND NOT starts_with(point, 'x_')
	UNION ALL
	SELECT point, t, kwh
	FROM days LEFT JOIN intervals ON days.date = intervals.date AND name = place::VARCHAR
	WHERE kwh <> '' AND regexp_full_match(name, '[0-9]+')
)
SELECT entity, direction, point, t,
	CASE WHEN regexp_full_match(kwh, '(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?')
		THEN (kwh::DECIMAL(12, 3) * 1000)::BIGINT END AS wh
FROM found LEFT JOIN points USING (point);

SELECT CASE WHEN count(*) > 0 THEN error('a reading is not accepted: ' || any_value(point)) END
FROM readings WHERE entity IS NULL OR t IS NULL OR wh IS NULL;

SELECT CASE WHEN count(*) > 0 THEN error('readings are missing or twice there: ' || any_value(point)) END
FROM (
	SELECT points.point FROM points LEFT JOIN readings USING (point) GROUP BY points.point
	HAVING count(t) <> getvariable('intervals') OR count(DISTINCT t) <> getvariable('intervals')
);

-- 4. Each interval: what everybody generated and consumed, in Wh.

CREATE OR REPLACE TEMP TABLE balances AS
SELECT entity, t, coalesce(sum(wh) FILTER (direction = 'generation'), 0)::HUGEINT AS g,
	coalesce(sum(wh) FILTER (direction = 'consumption'), 0)::HUGEINT AS c
FROM readings GROUP BY entity, t;

-- 5. Each interval: h is what is shared, the smaller of both sides. A side that is larger than h is
-- divided by largest remainder in millionths of a watt-hour, in two steps so that no digit is lost.

CREATE OR REPLACE TEMP TABLE shares AS
WITH part AS (
	SELECT * FROM balances WHERE NOT list_contains(getvariable('excluded'), entity)
), totals AS (
	SELECT t, sum(greatest(g - c, 0))::HUGEINT AS s, sum(greatest(c - g, 0))::HUGEINT AS d
	FROM part GROUP BY t
), sides AS (
	SELECT t, entity, g > c AS gives, abs(g - c) AS w, least(s, d) AS h,
		CASE WHEN g > c THEN s ELSE d END AS total
	FROM part JOIN totals USING (t) WHERE g <> c AND s > 0 AND d > 0
), floors AS (
	SELECT t, entity, gives, h, 1000000 * (w * h // total) + (w * h % total) * 1000000 // total AS micro,
		(w * h % total) * 1000000 % total AS rest
	FROM sides
), ranked AS (
	SELECT entity, gives, micro,
		row_number() OVER (PARTITION BY t, gives ORDER BY rest DESC, entity) AS place,
		1000000 * h - sum(micro) OVER (PARTITION BY t, gives) AS missing
	FROM floors
)
SELECT entity, gives, sum(micro + (place <= missing)::INTEGER)::HUGEINT AS micro
FROM ranked GROUP BY entity, gives;

-- 6. The month: delivered and received in whole watt-hours, again by largest remainder.

CREATE OR REPLACE TEMP TABLE months AS
WITH ranked AS (
	SELECT entity, gives, micro // 1000000 AS wh,
		row_number() OVER (PARTITION BY gives ORDER BY micro % 1000000 DESC, entity) AS place,
		sum(micro) OVER (PARTITION BY gives) // 1000000
			- sum(micro // 1000000) OVER (PARTITION BY gives) AS missing
	FROM shares
)
SELECT entity, gives, (wh + (place <= missing)::INTEGER)::HUGEINT AS wh FROM ranked;

CREATE OR REPLACE TEMP TABLE statement AS
WITH sums AS (
	SELECT entity, sum(g)::HUGEINT AS generated, sum(c)::HUGEINT AS consumed,
		sum(least(g, c))::HUGEINT AS self
	FROM balances GROUP BY entity
)
SELECT sums.entity, generated, consumed, self, generated - self AS surplus, consumed - self AS deficit,
	coalesce(given.wh, 0) AS delivered, coalesce(taken.wh, 0) AS received,
	generated - self - coalesce(given.wh, 0) AS exported,
	consumed - self - coalesce(taken.wh, 0) AS imported
FROM sums
LEFT JOIN months AS given ON given.entity = sums.entity AND given.gives
LEFT JOIN months AS taken ON taken.entity = sums.entity AND NOT taken.gives
ORDER BY sums.entity;

-- 7. Who supplied whom: sources and sinks lie end to end by id; where two of them overlap, energy flows.

CREATE OR REPLACE TEMP TABLE allocations AS
WITH ends AS (
	SELECT entity, gives, wh,
		(sum(wh) OVER (PARTITION BY gives ORDER BY entity))::HUGEINT AS upto
	FROM months WHERE wh > 0
)
SELECT s.entity AS source, d.entity AS sink,
	least(s.upto, d.upto) - greatest(s.upto - s.wh, d.upto - d.wh) AS wh
FROM ends AS s JOIN ends AS d
	ON s.gives AND NOT d.gives AND s.upto - s.wh < d.upto AND d.upto - d.wh < s.upto
ORDER BY source, sink;

-- 8. As in statement.csv and allocations.csv.

CREATE OR REPLACE TEMP MACRO kwh(wh) AS (wh // 1000) || '.' || lpad((wh % 1000)::VARCHAR, 3, '0');

SELECT entity, kwh(generated) AS generated_kwh, kwh(consumed) AS consumed_kwh,
	kwh(self) AS self_consumed_kwh, kwh(surplus) AS surplus_kwh, kwh(deficit) AS deficit_kwh,
	kwh(delivered) AS delivered_kwh, kwh(received) AS received_kwh,
	kwh(exported) AS exported_kwh, kwh(imported) AS imported_kwh
FROM statement ORDER BY entity;

SELECT source AS "from", sink AS "to", kwh(wh) AS energy_kwh FROM allocations ORDER BY source, sink;
