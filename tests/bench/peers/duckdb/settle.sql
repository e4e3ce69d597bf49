-- Refuses what is not one reading of every point in every interval.
SELECT CASE WHEN (SELECT count(*) FROM readings WHERE p IS NULL OR wh IS NULL OR NOT coalesce(on_grid, false) OR t NOT BETWEEN 0 AND getvariable('intervals') - 1) > 0
	THEN error('a reading is not accepted') END;
SELECT CASE WHEN (SELECT count(*) FROM (SELECT p FROM readings GROUP BY p
		HAVING count(*) = getvariable('intervals') AND bit_count(bitstring_agg(t, 0, 2979)) = getvariable('intervals')))
	<> (SELECT count(*) FROM points) THEN error('a reading is missing or twice there') END;

CREATE TEMP TABLE balances AS
SELECT e, t, coalesce(sum(wh) FILTER (generates), 0)::BIGINT AS g, coalesce(sum(wh) FILTER (NOT generates), 0)::BIGINT AS c
FROM readings JOIN points USING (p) GROUP BY e, t;

-- What each took part with, and in millionths of a watt-hour what came of it.
CREATE TEMP TABLE shares AS
WITH totals AS (
	SELECT t, sum(greatest(g - c, 0))::BIGINT AS s, sum(greatest(c - g, 0))::BIGINT AS d FROM balances GROUP BY t
), sides AS (
	SELECT t, e, g > c AS gives, abs(g - c) AS w, least(s, d) AS h, CASE WHEN g > c THEN s ELSE d END AS total
	FROM balances JOIN totals USING (t) WHERE g <> c AND s > 0 AND d > 0
), floors AS (
	SELECT *, 1000000 * ((w * h) // total) + (((w * h) % total) * 1000000) // total AS micro,
		(((w * h) % total) * 1000000) % total AS rest
	FROM sides WHERE total > h
), ranked AS (
	SELECT t, e, gives, micro, row_number() OVER (PARTITION BY t ORDER BY rest DESC, e) AS place,
		1000000 * h - sum(micro) OVER (PARTITION BY t) AS missing
	FROM floors
), all_shares AS (
	SELECT e, gives, micro + CASE WHEN place <= missing THEN 1 ELSE 0 END AS micro FROM ranked
	UNION ALL SELECT e, gives, 1000000 * w FROM sides WHERE total = h
)
SELECT e, gives, sum(micro)::BIGINT AS micro FROM all_shares GROUP BY e, gives;

CREATE TEMP TABLE month AS
WITH ranked AS (
	SELECT e, gives, micro // 1000000 AS wh, row_number() OVER (PARTITION BY gives ORDER BY micro % 1000000 DESC, e) AS place,
		sum(micro) OVER (PARTITION BY gives) // 1000000 - sum(micro // 1000000) OVER (PARTITION BY gives) AS missing
	FROM shares
)
SELECT e, gives, (wh + CASE WHEN place <= missing THEN 1 ELSE 0 END)::BIGINT AS wh FROM ranked;

CREATE MACRO kwh(wh) AS (wh // 1000) || '.' || lpad((wh % 1000)::VARCHAR, 3, '0');

COPY (
	WITH sums AS (
		SELECT e, sum(g)::BIGINT AS g, sum(c)::BIGINT AS c, sum(least(g, c))::BIGINT AS self FROM balances GROUP BY e
	)
	SELECT '2025-10' AS period, '1' AS run, entity, name, cost_center, kwh(g) AS generated_kwh, kwh(c) AS consumed_kwh,
		kwh(self) AS self_consumed_kwh, kwh(g - self) AS surplus_kwh, kwh(c - self) AS deficit_kwh,
		kwh(coalesce(d.wh, 0)) AS delivered_kwh, kwh(coalesce(r.wh, 0)) AS received_kwh,
		kwh(g - self - coalesce(d.wh, 0)) AS exported_kwh, kwh(c - self - coalesce(r.wh, 0)) AS imported_kwh, '0.000' AS estimated_kwh
	FROM entities JOIN sums USING (e)
	LEFT JOIN month d ON d.e = entities.e AND d.gives
	LEFT JOIN month r ON r.e = entities.e AND NOT r.gives
	ORDER BY entity
) TO '{out}/statement.csv' (header true);

COPY (
	WITH ends AS (SELECT e, entity, gives, wh, sum(wh) OVER (PARTITION BY gives ORDER BY e)::BIGINT AS upto FROM month JOIN entities USING (e) WHERE wh > 0)
	SELECT '2025-10' AS period, '1' AS run, s.entity AS "from", d.entity AS "to",
		kwh(least(s.upto, d.upto) - greatest(s.upto - s.wh, d.upto - d.wh)) AS energy_kwh
	FROM ends s JOIN ends d ON s.gives AND NOT d.gives AND s.upto - s.wh < d.upto AND d.upto - d.wh < s.upto
	ORDER BY s.entity, d.entity
) TO '{out}/allocations.csv' (header true);
