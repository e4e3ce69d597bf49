-- Recomputes one period on interval basis with DuckDB alone (1.5 or later): docs/spec/intervals.md and
-- docs/spec/rules.md as SQL, written apart from the program and sharing nothing with it.
--
-- In the operator's repository, with the folder of a run in the first line below:
--
--     mkdir recomputed
--     duckdb < docs/spec/recompute.sql
--     diff recomputed/statement.csv settlements/2026-10/r1/statement.csv
--     diff recomputed/allocations.csv settlements/2026-10/r1/allocations.csv
--
-- It knows one rule set: the stage `proportional` alone and without limit, delivery in proportion,
-- `excluded` and `price` if there are any, matrix `chain`. Under the matrix `exact` its statement holds,
-- and its allocations add up to the same by `from` and by `to`, in other cells. Other rules are refused.
--
-- It refuses readings that are malformed, missing or there twice, and names one. It does not look for
-- everything that the program refuses: it judges neither free texts nor the order of the register, and
-- it takes no quotes in interval files. Whether the files are those that were signed is for
-- `sha256sum -c` and the signature to say.

SET VARIABLE settlement = 'settlements/2026-10/r1';
SET VARIABLE folder = 'recomputed'; -- where the result goes; has to be there

-- An open month has no such folder. Give what is read from it here instead:
--   the period, the run, data/entities.csv, data/metering-points.csv, the file of data/rules/ in force,
--   and as basis what a manifest would record (docs/spec/intervals.md, Time).
SET VARIABLE manifest = (SELECT content FROM read_text(getvariable('settlement') || '/manifest.json'));
SET VARIABLE period = getvariable('manifest') ->> '$.period';
SET VARIABLE run = (getvariable('manifest') ->> '$.run')::INTEGER;
SET VARIABLE basis = getvariable('manifest') ->> '$.basis';
SET VARIABLE entities = getvariable('settlement') || '/entities.csv';
SET VARIABLE points = getvariable('settlement') || '/metering-points.csv';
SET VARIABLE rules = getvariable('settlement') || '/rules.json';

-- From the first error on nothing more is done.
BEGIN TRANSACTION;

---- Forms ----------------------------------------------------------------------------------------

-- kWh as text to Wh, and back; NULL for what is no energy. Never through a type that rounds.
CREATE OR REPLACE TEMP MACRO wh_of(kwh) AS
	CASE WHEN regexp_full_match(kwh, '(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?')
	THEN split_part(kwh, '.', 1)::BIGINT * 1000 + rpad(split_part(kwh, '.', 2), 3, '0')::BIGINT END;
CREATE OR REPLACE TEMP MACRO ten_to_the(digits) AS ('1' || repeat('0', digits))::HUGEINT;
CREATE OR REPLACE TEMP MACRO units(number, digits) AS
	(number // ten_to_the(digits))::VARCHAR
	|| if(digits = 0, '', '.' || lpad((number % ten_to_the(digits))::VARCHAR, digits, '0'));
CREATE OR REPLACE TEMP MACRO kwh_of(wh) AS units(wh, 3);

-- A date and time with its offset to seconds since 1970; NULL for anything else. Clocks shown as UTC
-- are those of the place less the offset.
CREATE OR REPLACE TEMP MACRO instant(text) AS
	CASE WHEN regexp_full_match(text, '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}'
		|| '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])') AND text NOT LIKE '%-00:00'
	THEN epoch_us(TRY_CAST(replace(text[:19], 'T', ' ') AS TIMESTAMP)) // 1000000
		- CASE WHEN text[20] = 'Z' THEN 0
		ELSE (text[20] || '1')::BIGINT * (text[21:22]::BIGINT * 3600 + text[24:25]::BIGINT * 60) END END;

CREATE OR REPLACE TEMP MACRO csv(cell) AS
	CASE WHEN regexp_matches(cell, '[,"]') THEN '"' || replace(cell, '"', '""') || '"' ELSE cell END;
CREATE OR REPLACE TEMP MACRO in_period(valid_from, valid_to) AS
	valid_from <= getvariable('period') AND getvariable('period') <= coalesce(valid_to, '9999-12');

---- Rules ----------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE rules AS
SELECT
	CASE WHEN (content ->> '$.basis') <> 'interval'
		OR (content ->> '$.allocation') <> '[{"rule":"proportional"}]'
		OR coalesce(content ->> '$.delivery.rule', 'proportional') <> 'proportional'
	THEN error('this file does not know the rule set')
	ELSE coalesce((content -> '$.excluded')::VARCHAR[], []) END AS excluded,
	content ->> '$.price.currency' AS currency,
	(content ->> '$.price.minor_digits')::INTEGER AS digits,
	-- Millionths of a unit of the currency.
	split_part(content ->> '$.price.per_kwh', '.', 1)::HUGEINT * 1000000
		+ rpad(split_part(content ->> '$.price.per_kwh', '.', 2), 6, '0')::HUGEINT AS price
FROM (SELECT content::JSON AS content FROM read_text(getvariable('rules')));

---- Time -----------------------------------------------------------------------------------------

SET VARIABLE utc_start = instant(getvariable('basis') ->> '$.utc_start');
SET VARIABLE utc_end = instant(getvariable('basis') ->> '$.utc_end');
SET VARIABLE seconds = (getvariable('basis') ->> '$.interval_minutes')::BIGINT * 60;
SET VARIABLE intervals = (getvariable('basis') ->> '$.intervals')::BIGINT;

-- Stretches [since, until) of time with one offset.
CREATE OR REPLACE TEMP TABLE spans AS
SELECT since, east, lead(since, 1, getvariable('utc_end')) OVER (ORDER BY since) AS until
FROM (
	SELECT instant(it ->> '$.from') AS since, (it ->> '$.minutes')::BIGINT * 60 AS east
	FROM (SELECT unnest((getvariable('basis') -> '$.offsets')::JSON[]) AS it)
);

-- An interval belongs to the latest local date that clocks have shown by its start: a day lasts until
-- a later one begins, even if clocks are set back across midnight. `number` is its column in day rows.
CREATE OR REPLACE TEMP TABLE intervals AS
SELECT t, strftime(date, '%Y-%m-%d') AS date, row_number() OVER (PARTITION BY date ORDER BY t) AS number
FROM (
	SELECT t, max(make_timestamp((least(start, until - 1) + east) * 1000000)::DATE) AS date
	FROM (
		SELECT t, getvariable('utc_start') + t * getvariable('seconds') AS start
		FROM range(getvariable('intervals')) r(t)
	) JOIN spans ON since <= start
	GROUP BY t
);
SET VARIABLE longest = (SELECT max(number) FROM intervals);

---- Files ----------------------------------------------------------------------------------------

-- Of each file name the one of the highest run up to this one.
CREATE OR REPLACE TEMP TABLE effective AS
SELECT name, arg_max(file, run) AS file
FROM (
	SELECT file, parse_filename(file) AS name,
		coalesce(nullif(regexp_extract(file, '[/\\]r([0-9]+)[/\\][^/\\]+$', 1), '')::INTEGER, 1) AS run
	FROM glob(list_transform(['/*.csv', '/r*/*.csv'], lambda it: 'data/' || getvariable('period') || it))
)
WHERE run <= getvariable('run')
GROUP BY name;
CREATE OR REPLACE TEMP MACRO files_named(pattern) AS
	(SELECT coalesce(list(file), []) FROM effective WHERE regexp_full_match(name, pattern));

-- Not every kind of file is always there, but a list of files must not be empty: this one stands in
-- with its headers alone.
SET VARIABLE none = getvariable('folder') || '/none.csv';
COPY (
	SELECT '' AS entity, '' AS metering_point, '' AS first_interval, '' AS last_interval, '' AS quality
	LIMIT 0
) TO (getvariable('none'));
CREATE OR REPLACE TEMP MACRO table_of(files) AS TABLE
	FROM read_csv(files, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true,
		union_by_name = true);
SET VARIABLE absent = list_append(files_named('absent\.csv'), getvariable('none'));
SET VARIABLE substitutes = list_append(files_named('substitutes\.csv'), getvariable('none'));

---- Register -------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE entities AS
SELECT row_number() OVER (ORDER BY entity) AS e, entity, name, coalesce(cost_center, '') AS cost_center,
	list_contains((SELECT excluded FROM rules), entity) AS excluded
FROM table_of(getvariable('entities'))
WHERE in_period(valid_from, valid_to)
	AND entity NOT IN (SELECT entity FROM table_of(getvariable('absent')));

-- Points of absent entities are not there: a reading of theirs is refused as a stranger's.
CREATE OR REPLACE TEMP TABLE points AS
SELECT row_number() OVER (ORDER BY metering_point) AS p, metering_point, e,
	direction = 'generation' AS generates
FROM table_of(getvariable('points')) JOIN entities USING (entity)
WHERE in_period(valid_from, valid_to) AND direction IN ('generation', 'consumption');

CREATE OR REPLACE TEMP TABLE substitutes AS
SELECT metering_point, instant(first_interval) AS first, instant(last_interval) AS last,
	CASE WHEN first IS NULL OR last IS NULL OR quality NOT IN ('S', 'E')
	THEN error(concat_ws(' ', 'not accepted:', metering_point, first_interval, last_interval, quality))
	ELSE quality END AS quality
FROM table_of(getvariable('substitutes'));
SELECT error(metering_point || ': two substitutes for one reading')
FROM substitutes a JOIN substitutes b USING (metering_point)
WHERE a.rowid < b.rowid AND a.first <= b.last AND b.first <= a.last;

---- Readings -------------------------------------------------------------------------------------

-- The three forms of a file, told apart by the first line; columns in any order, those named x_...
-- say nothing.
SET VARIABLE files = (
	SELECT list(file) FROM effective
	WHERE name NOT IN ('absent.csv', 'substitutes.csv', 'waivers.csv')
);
SET VARIABLE day_columns = list_sort(['date', 'metering_point']
	|| list_transform(range(1, getvariable('longest') + 1), lambda it: it::VARCHAR));
CREATE OR REPLACE TEMP TABLE headers AS
SELECT file, names, CASE
	WHEN len(list_distinct(names)) < len(names) THEN error(file || ': two columns of one name')
	WHEN list_sort(list_filter(own, lambda it: it <> 'quality'))
		= ['interval_start', 'kwh', 'metering_point'] THEN 'long'
	WHEN list_sort(own) = getvariable('day_columns') THEN 'days'
	WHEN list_contains(own, 'interval_start') THEN 'wide'
	ELSE error(file || ': no header of an interval file') END AS form
FROM (
	SELECT filename AS file,
		string_split(trim(split_part(content, chr(10), 1), chr(65279) || chr(13)), ',') AS names,
		list_filter(names, lambda it: NOT starts_with(it, 'x_')) AS own
	FROM read_text(getvariable('files'))
);
CREATE OR REPLACE TEMP MACRO files_of(kind) AS
	(SELECT list_append(coalesce(list(file), []), getvariable('none')) FROM headers WHERE form = kind);
SET VARIABLE long = files_of('long');
SET VARIABLE days = files_of('days');
SET VARIABLE wide = files_of('wide');

-- Each line as it is, without types or guesses: no file has the separator of these columns.
CREATE OR REPLACE TEMP MACRO lines(files) AS TABLE
	SELECT file, names, CASE WHEN len(string_split(line, ',')) <> len(names)
		THEN error(file || ': not as many cells as the header has: ' || line)
		ELSE string_split(line, ',') END AS cells
	FROM read_csv(files, auto_detect = false, header = true, delim = E'\x07', quote = '', escape = '',
		columns = { line: 'VARCHAR' }, filename = true, max_line_size = 2097152)
	JOIN headers ON file = filename
	WHERE line IS NOT NULL;
CREATE OR REPLACE TEMP MACRO cell(cells, names, name) AS cells[list_position(names, name)];

-- What each cell says: a place in the month, and the text. An empty cell of day rows or of a wide file
-- says nothing.
CREATE OR REPLACE TEMP VIEW said AS
SELECT file, cell(cells, names, 'metering_point') AS metering_point,
	cell(cells, names, 'interval_start') AS start, NULL AS date, NULL AS number,
	cell(cells, names, 'kwh') AS kwh,
	CASE WHEN list_contains(names, 'quality') THEN cell(cells, names, 'quality') END AS quality
FROM lines(getvariable('long'))
UNION ALL
SELECT file, metering_point, NULL, date, TRY_CAST(head AS BIGINT), kwh, NULL
FROM (
	SELECT file, cell(cells, names, 'metering_point') AS metering_point,
		cell(cells, names, 'date') AS date, unnest(names) AS head, unnest(cells) AS kwh
	FROM lines(getvariable('days'))
)
WHERE regexp_full_match(head, '[0-9]+') AND kwh <> ''
UNION ALL
SELECT file, head, start, NULL, NULL, kwh, NULL
FROM (
	SELECT file, cell(cells, names, 'interval_start') AS start, unnest(names) AS head,
		unnest(cells) AS kwh
	FROM lines(getvariable('wide'))
)
WHERE head <> 'interval_start' AND NOT starts_with(head, 'x_') AND kwh <> '';

CREATE OR REPLACE TEMP TABLE readings AS
SELECT CASE
	WHEN p IS NULL OR t IS NULL OR wh IS NULL OR coalesce(quality, '') NOT IN ('', 'A', 'C', 'S', 'E')
	THEN error(concat_ws(' ', file || ': not accepted:', metering_point, start, date, number, kwh, quality))
	ELSE p END AS p, t, wh, quality
FROM (
	SELECT said.*, p, wh_of(kwh) AS wh, CASE
		WHEN said.date IS NOT NULL THEN intervals.t
		WHEN since % getvariable('seconds') = 0 AND since >= 0
			AND since // getvariable('seconds') < getvariable('intervals')
		THEN since // getvariable('seconds') END AS t
	FROM (SELECT *, instant(start) - getvariable('utc_start') AS since FROM said) said
	LEFT JOIN points USING (metering_point)
	LEFT JOIN intervals ON intervals.date = said.date AND intervals.number = said.number
);

-- Every point has one reading in every interval: never zero for what nobody says.
CREATE OR REPLACE TEMP TABLE complete AS
SELECT CASE
	WHEN count(t) <> count(DISTINCT t) THEN error(metering_point || ': two readings of one interval')
	WHEN count(t) <> getvariable('intervals') THEN error(metering_point || ': a reading is missing')
	ELSE p END AS p
FROM points LEFT JOIN readings USING (p) GROUP BY p, metering_point;
SELECT error(entity || ': no metering point') FROM entities WHERE e NOT IN (SELECT e FROM points);

-- Wh that an entity generates and consumes in each interval.
CREATE OR REPLACE TEMP TABLE balances AS
SELECT e, t, coalesce(sum(wh) FILTER (generates), 0)::HUGEINT AS g,
	coalesce(sum(wh) FILTER (NOT generates), 0)::HUGEINT AS c
FROM readings JOIN complete USING (p) JOIN points USING (p)
GROUP BY e, t;
SELECT error('a sum of 2^32 Wh or more') FROM balances WHERE g >= 4294967296 OR c >= 4294967296;

-- Wh that were not measured: of quality S or E, by the reading itself or by a substitute. A file that
-- gives qualities and a substitute for the same reading contradict each other.
CREATE OR REPLACE TEMP TABLE estimates AS
SELECT e, sum(wh)::HUGEINT AS wh
FROM (
	SELECT e, wh, CASE
		WHEN readings.quality IS NOT NULL AND declared.quality IS NOT NULL
		THEN error(points.metering_point || ': a quality and a substitute for one reading')
		ELSE coalesce(readings.quality, declared.quality) END AS quality
	FROM readings JOIN points USING (p)
	LEFT JOIN substitutes declared ON declared.metering_point = points.metering_point
		AND getvariable('utc_start') + t * getvariable('seconds') BETWEEN first AND last
)
WHERE quality IN ('S', 'E')
GROUP BY e;

---- Settlement -----------------------------------------------------------------------------------

-- What each shares in an interval, in millionths of a watt-hour: of h Wh, the smaller of surplus and
-- deficit, in proportion to its own w of the `total` of its side, by largest remainder, ties to the
-- lowest id. The products exceed 64 bits.
CREATE OR REPLACE TEMP TABLE shares AS
WITH sides AS (
	SELECT t, e, g > c AS gives, abs(g - c) AS w, sum(w) OVER (PARTITION BY t, g > c) AS total
	FROM balances JOIN entities USING (e) WHERE g <> c AND NOT excluded
), shared AS (
	SELECT *, least(coalesce(max(total) FILTER (gives) OVER (PARTITION BY t), 0),
		coalesce(max(total) FILTER (NOT gives) OVER (PARTITION BY t), 0)) AS h
	FROM sides
), floors AS (
	SELECT t, e, gives, h, 1000000 * h * w // total AS floor, 1000000 * h * w % total AS remainder
	FROM shared WHERE h > 0
), placed AS (
	SELECT e, gives, floor, 1000000 * h - sum(floor) OVER (PARTITION BY t, gives) AS units_left,
		row_number() OVER (PARTITION BY t, gives ORDER BY remainder DESC, e) AS place
	FROM floors
)
SELECT e, gives, sum(floor + CASE WHEN place <= units_left THEN 1 ELSE 0 END)::HUGEINT AS micro
FROM placed GROUP BY e, gives;

-- The month in Wh: each sum rounded down, and what is then missing to all of them, rounded down, one
-- each to the largest fractions.
CREATE OR REPLACE TEMP TABLE month AS
WITH placed AS (
	SELECT e, gives, micro // 1000000 AS floor,
		sum(micro) OVER (PARTITION BY gives) // 1000000
			- sum(micro // 1000000) OVER (PARTITION BY gives) AS units_left,
		row_number() OVER (PARTITION BY gives ORDER BY micro % 1000000 DESC, e) AS place
	FROM shares
)
SELECT e, gives, (floor + CASE WHEN place <= units_left THEN 1 ELSE 0 END)::HUGEINT AS amount FROM placed;

-- Its value in the smallest units of the currency, half up, and each one's part of it.
CREATE OR REPLACE TEMP TABLE money AS
WITH month_value AS (
	SELECT (2 * coalesce(sum(amount), 0)::HUGEINT * any_value(price) * ten_to_the(any_value(digits))
		+ 1000000000) // 2000000000 AS v
	FROM rules LEFT JOIN month ON gives
), floors AS (
	SELECT e, gives, v, v * amount // sum(amount) OVER (PARTITION BY gives)::HUGEINT AS floor,
		v * amount % sum(amount) OVER (PARTITION BY gives)::HUGEINT AS remainder
	FROM month, month_value WHERE amount > 0
), placed AS (
	SELECT *, v - sum(floor) OVER (PARTITION BY gives) AS units_left,
		row_number() OVER (PARTITION BY gives ORDER BY remainder DESC, e) AS place
	FROM floors
)
SELECT e, gives, (floor + CASE WHEN place <= units_left THEN 1 ELSE 0 END)::HUGEINT AS amount FROM placed;

-- Chain: givers and takers laid end to end in order of id; two that overlap made a deal.
CREATE OR REPLACE TEMP MACRO chain(amounts) AS TABLE
	WITH ends AS (
		SELECT e, gives, sum(amount) OVER (PARTITION BY gives ORDER BY e) AS upto, upto - amount AS after
		FROM query_table(amounts) WHERE amount > 0
	)
	SELECT s.e AS source, d.e AS sink, least(s.upto, d.upto) - greatest(s.after, d.after) AS amount
	FROM ends s JOIN ends d ON s.gives AND NOT d.gives AND s.after < d.upto AND d.after < s.upto;

---- Record ---------------------------------------------------------------------------------------

CREATE OR REPLACE TEMP TABLE statement AS
SELECT entity, name, cost_center, g, c, self, g - self AS surplus, c - self AS deficit,
	coalesce(given.amount, 0) AS delivered, coalesce(taken.amount, 0) AS received,
	coalesce(estimates.wh, 0) AS estimated,
	coalesce(paid.amount, 0) AS debit, coalesce(earned.amount, 0) AS credit
FROM entities
JOIN (
	SELECT e, sum(g)::HUGEINT AS g, sum(c)::HUGEINT AS c, sum(least(g, c))::HUGEINT AS self
	FROM balances GROUP BY e
) sums USING (e)
LEFT JOIN estimates USING (e)
LEFT JOIN month given ON given.e = entities.e AND given.gives
LEFT JOIN month taken ON taken.e = entities.e AND NOT taken.gives
LEFT JOIN money earned ON earned.e = entities.e AND earned.gives
LEFT JOIN money paid ON paid.e = entities.e AND NOT paid.gives;

-- Lines as the record has them: quotes only where they must be, money only with a price.
COPY (
	SELECT 'period,run,entity,name,cost_center,generated_kwh,consumed_kwh,self_consumed_kwh,surplus_kwh,'
		|| 'deficit_kwh,delivered_kwh,received_kwh,exported_kwh,imported_kwh,estimated_kwh'
		|| if(price IS NULL, '', ',currency,debit,credit') AS line
	FROM rules
	UNION ALL
	SELECT line FROM (
		SELECT entity, concat_ws(',', getvariable('period'), getvariable('run'), entity, csv(name),
			cost_center, kwh_of(g), kwh_of(c), kwh_of(self), kwh_of(surplus), kwh_of(deficit),
			kwh_of(delivered), kwh_of(received), kwh_of(surplus - delivered), kwh_of(deficit - received),
			kwh_of(estimated), if(price IS NULL, NULL, concat_ws(',', currency, units(debit, digits),
			units(credit, digits)))) AS line
		FROM statement, rules
		ORDER BY entity
	)
) TO (getvariable('folder') || '/statement.csv') (header false, quote '', escape '', delimiter E'\x07');

COPY (
	SELECT 'period,run,from,to,energy_kwh' || if(price IS NULL, '', ',amount') AS line FROM rules
	UNION ALL
	SELECT line FROM (
		SELECT source, sink, concat_ws(',', getvariable('period'), getvariable('run'), s.entity,
			d.entity, kwh_of(wh), if(price IS NULL, NULL, units(amount, digits))) AS line
		FROM (
			SELECT source, sink, coalesce(energy.amount, 0) AS wh, coalesce(worth.amount, 0) AS amount
			FROM chain('month') energy FULL JOIN chain('money') worth USING (source, sink)
		) JOIN entities s ON s.e = source JOIN entities d ON d.e = sink, rules
		ORDER BY source, sink
	)
) TO (getvariable('folder') || '/allocations.csv') (header false, quote '', escape '', delimiter E'\x07');

COMMIT;
