-- Every field as text, held to the form that the product accepts, and to the month's own list of days.
CREATE TEMP TABLE days AS
SELECT strftime(date '2025-10-01' + d::INTEGER, '%Y-%m-%d') AS date, (d * 96 + CASE WHEN d > 25 THEN 4 ELSE 0 END)::SMALLINT AS first, CASE WHEN d = 25 THEN 100 ELSE 96 END AS cells
FROM range(31) r(d);

CREATE TEMP TABLE readings AS
SELECT p, (first + cell - 1)::SMALLINT AS t, cell <= cells AS on_grid,
	CASE WHEN regexp_full_match(kwh, '(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?') THEN (kwh::DECIMAL(12,3) * 1000)::INTEGER END AS wh
FROM (
	SELECT metering_point, date, unnest(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "70", "71", "72", "73", "74", "75", "76", "77", "78", "79", "80", "81", "82", "83", "84", "85", "86", "87", "88", "89", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99", "100"]) AS kwh, unnest(range(1, 101)) AS cell
	FROM read_csv('{dir}/data/2025-10/*.csv', header = true, auto_detect = false, delim = ',', quote = '', escape = '',
		columns = { metering_point: 'VARCHAR', date: 'VARCHAR', '1': 'VARCHAR', '2': 'VARCHAR', '3': 'VARCHAR', '4': 'VARCHAR', '5': 'VARCHAR', '6': 'VARCHAR', '7': 'VARCHAR', '8': 'VARCHAR', '9': 'VARCHAR', '10': 'VARCHAR', '11': 'VARCHAR', '12': 'VARCHAR', '13': 'VARCHAR', '14': 'VARCHAR', '15': 'VARCHAR', '16': 'VARCHAR', '17': 'VARCHAR', '18': 'VARCHAR', '19': 'VARCHAR', '20': 'VARCHAR', '21': 'VARCHAR', '22': 'VARCHAR', '23': 'VARCHAR', '24': 'VARCHAR', '25': 'VARCHAR', '26': 'VARCHAR', '27': 'VARCHAR', '28': 'VARCHAR', '29': 'VARCHAR', '30': 'VARCHAR', '31': 'VARCHAR', '32': 'VARCHAR', '33': 'VARCHAR', '34': 'VARCHAR', '35': 'VARCHAR', '36': 'VARCHAR', '37': 'VARCHAR', '38': 'VARCHAR', '39': 'VARCHAR', '40': 'VARCHAR', '41': 'VARCHAR', '42': 'VARCHAR', '43': 'VARCHAR', '44': 'VARCHAR', '45': 'VARCHAR', '46': 'VARCHAR', '47': 'VARCHAR', '48': 'VARCHAR', '49': 'VARCHAR', '50': 'VARCHAR', '51': 'VARCHAR', '52': 'VARCHAR', '53': 'VARCHAR', '54': 'VARCHAR', '55': 'VARCHAR', '56': 'VARCHAR', '57': 'VARCHAR', '58': 'VARCHAR', '59': 'VARCHAR', '60': 'VARCHAR', '61': 'VARCHAR', '62': 'VARCHAR', '63': 'VARCHAR', '64': 'VARCHAR', '65': 'VARCHAR', '66': 'VARCHAR', '67': 'VARCHAR', '68': 'VARCHAR', '69': 'VARCHAR', '70': 'VARCHAR', '71': 'VARCHAR', '72': 'VARCHAR', '73': 'VARCHAR', '74': 'VARCHAR', '75': 'VARCHAR', '76': 'VARCHAR', '77': 'VARCHAR', '78': 'VARCHAR', '79': 'VARCHAR', '80': 'VARCHAR', '81': 'VARCHAR', '82': 'VARCHAR', '83': 'VARCHAR', '84': 'VARCHAR', '85': 'VARCHAR', '86': 'VARCHAR', '87': 'VARCHAR', '88': 'VARCHAR', '89': 'VARCHAR', '90': 'VARCHAR', '91': 'VARCHAR', '92': 'VARCHAR', '93': 'VARCHAR', '94': 'VARCHAR', '95': 'VARCHAR', '96': 'VARCHAR', '97': 'VARCHAR', '98': 'VARCHAR', '99': 'VARCHAR', '100': 'VARCHAR' })
)
LEFT JOIN points USING (metering_point)
LEFT JOIN days USING (date)
WHERE kwh IS NOT NULL;
