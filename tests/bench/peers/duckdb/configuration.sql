-- Register, metering points and the intervals of the month, by number.
SET preserve_insertion_order = false;
SET VARIABLE utc_start = 1759269600; -- 2025-09-30T22:00:00Z
SET VARIABLE intervals = 2980;

CREATE TEMP TABLE entities AS
SELECT (row_number() OVER (ORDER BY entity))::SMALLINT AS e, entity, name, cost_center
FROM read_csv('{dir}/data/entities.csv', header = true, all_varchar = true);

CREATE TEMP TABLE points AS
SELECT (row_number() OVER (ORDER BY metering_point))::SMALLINT AS p, metering_point, e, direction = 'generation' AS generates
FROM read_csv('{dir}/data/metering-points.csv', header = true, all_varchar = true)
JOIN entities USING (entity);
