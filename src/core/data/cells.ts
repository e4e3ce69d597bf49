import type { Row } from '../format/csv.ts';
import { parseEnergy, type WattHours } from '../format/energy.ts';
import { entityFault, textFault } from '../format/name.ts';
import { isPeriod, type Period, periodFromSpreadsheet } from '../format/period.ts';
import type { Problem } from '../problem.ts';

/** Readers of one cell each: the value, or null with the problem added to `problems`. */

export function readEntity(row: Row, field: string, problems: Problem[]): string | null {
	const found = row.cell(field);
	const code = entityFault(found);
	if (code === null) return found;
	problems.push({ code, location: row.at(field), field, found });
	return null;
}

export function readEnergy(row: Row, field: string, problems: Problem[]): WattHours | null {
	const found = row.cell(field);
	const energy = parseEnergy(found);
	if ('wh' in energy) return energy.wh;
	problems.push({ code: energy.fault, location: row.at(field), field, found });
	return null;
}

export function readPeriod(row: Row, field: string, problems: Problem[]): Period | null {
	const found = row.cell(field);
	if (isPeriod(found)) return found;
	const expected = periodFromSpreadsheet(found);
	const location = row.at(field);
	problems.push(
		expected === null
			? { code: 'period-malformed', location, field, found }
			: { code: 'period-spreadsheet', location, field, found, expected },
	);
	return null;
}

/** Free text: NFC, at most 120 code points, nothing that a terminal or a spreadsheet would obey. */
export function readText(row: Row, field: string, problems: Problem[]): string | null {
	const found = row.cell(field);
	const reason = textFault(found);
	if (reason !== null) {
		problems.push({ code: 'text-malformed', location: row.at(field), field, found, reason });
	} else if (found === '') {
		problems.push({ code: 'text-empty', location: row.at(field), field, found });
	} else {
		return found;
	}
	return null;
}
