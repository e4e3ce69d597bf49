import type { FormDamage } from '../core/data/loose-table.ts';
import type { OriginKind, OriginName } from '../core/data/origin.ts';

const changes = (count: number) => (count === 1 ? '1 change' : `${count} changes`);

const origins: Readonly<Record<OriginName, string>> = {
	'dsmr-reader': 'an export of DSMR-reader, energy by hour or day',
	edc: 'an export of the Czech data center EDC, energy by quarter of an hour',
	enel: 'an export of e-distribuzione (Enel), energy by quarter of an hour',
	enphase: 'an export of Enphase, energy of an inverter by hour',
	excel: 'a workbook of Excel',
	fluvius: 'an export of Fluvius, energy by quarter of an hour',
	greenbutton: 'a Green Button file (ESPI), energy by interval',
	greenchoice: 'an export of Greenchoice, register readings by day',
	homewizard: 'an export of HomeWizard, register readings by quarter of an hour',
	nem12: 'an Australian NEM12 file, energy by interval',
	nem13: 'an Australian NEM13 file, register readings',
	opendocument: 'a workbook of LibreOffice or OpenOffice',
	pdf: 'a PDF document',
	sma: 'an export of SMA Sunny Explorer or WebUI, register readings',
	'united-power': 'an export of United Power, energy by hour',
	'van-ons': 'an export of Van Ons, register readings by day',
	xml: 'an XML or HTML document',
};

const nextSteps: Readonly<Record<OriginKind, string>> = {
	intervals:
		'This page does not take such files over yet. Add up the energy of the month in kWh, what was generated and what was consumed apart, and type the two sums above; or ask whoever runs this log for an import.',
	registers:
		'It holds what a meter showed, not what was used. Take the reading at the end of the month minus the one at its beginning, in kWh, for each direction, and type the two results above.',
	workbook:
		'Open it, look for the table with the columns entity, period, generated_kwh and consumed_kwh, and save that sheet as "CSV UTF-8 (comma delimited)". Then choose the new file here.',
	document: 'It is no table. Take the two figures of the month from it and type them above.',
};

const form: Readonly<Record<FormDamage, string>> = {
	'utf-16': 'The text is UTF-16, as "Unicode Text" of Excel is. It becomes UTF-8.',
	'byte-order-mark': 'The file begins with a byte order mark. It is taken out.',
	'line-ends': 'The lines end as on Windows or an old Mac. They become plain line feeds.',
	'separator-line': 'The first line names the separator. It is taken out.',
	separator: 'The columns are not separated by commas. They become so.',
	header: 'The names of columns have capitals or spaces. They become exact.',
	'blank-lines': 'There are blank lines. They are taken out.',
	'empty-cells': 'There are empty cells behind the last column. They are taken out.',
};

/** The page on which readings are submitted. */
export const submit = {
	title: 'Submit readings',
	link: 'Submit readings',
	/** Of one entity, or for one month. */
	linkTo: (what: string) => `Submit readings of ${what}`,
	description: 'Send the readings of a month: two figures or a file, checked before it is sent.',
	lead: 'Two figures or a file. Everything is checked here, in your browser; nothing leaves this page before you press the button at its end.',
	noScript: {
		title: 'Without JavaScript',
		intro:
			'This page needs JavaScript to check what you type. Without it, three steps do the same:',
		forge: {
			create: 'Create a file in the repository:',
			link: 'new file',
			place: 'Name it data/YYYY-MM/your-entity.csv, with the month and the id of your entity.',
		},
		hand: {
			create: 'Make a text file with the name of your entity, such as library.csv.',
			place: 'It belongs into the folder of its month, data/YYYY-MM/.',
		},
		content: 'Write two lines, with your figures in kWh and a point before decimals:',
		readings:
			'Write a row for each metering point and day, with one value in kWh for each interval and a point before decimals:',
		propose:
			'Propose the change (on GitHub: "Commit changes", "Propose changes"). The check of the pull request says what is wrong, if anything is.',
		send: (contact: string) =>
			`Send it to ${contact}. The check says what is wrong, if anything is.`,
	},
	which: {
		legend: 'Entity and month',
		entity: 'Entity',
		choose: 'Choose an entity',
		period: 'Month',
		option: { open: (month: string) => month, final: (month: string) => `${month}, final` },
		none: 'No entity of the register is valid in this month.',
	},
	final: {
		title: (month: string) => `${month} is final`,
		text: (it: { period: string; run: number }) =>
			`It cannot be changed any more; run ${it.run} stays available for good. If a figure is wrong, correct it by a new run beside it: put the whole file again with the right figures into data/${it.period}/r${it.run + 1}/, and the reason into correction.json there. Until that run is final, the one before stays in force.`,
		link: 'How to correct a final month, step by step',
		command: (period: string) =>
			`npm run -s correct -- --period ${period} --file your-file.csv --reason-code meter-reading --reason "..." --requested-by "..."`,
		statement: 'The statement as it is',
	},
	numbers: {
		legend: 'Two figures',
		hint: 'In kWh, with a point before decimals, such as 1234.5. Write 0 for none; a reading that is missing is not 0. An estimate needs a file with the columns quality and note.',
		generated: 'Generated (kWh)',
		consumed: 'Consumed (kWh)',
		interval: (month: string) =>
			`${month} is settled by interval, so that two figures are not enough. Choose the file with the readings below.`,
	},
	file: {
		legend: 'Or a file',
		legendReadings: 'A file of readings',
		readings:
			'A CSV file with the readings of each interval: a row for each metering point and day (metering_point,date,1,2,...), a row for each reading (metering_point,interval_start,kwh), or a row for each interval (interval_start and then the metering points). Drop it here, or',
		hint: 'A CSV file with the columns entity, period, generated_kwh and consumed_kwh; of one entity or of several that you report for. Drop it here, or',
		choose: 'Choose a file',
		chosen: (name: string, size: string) => `${name}, ${size}`,
		remove: 'Take the file out',
		unreadable: 'The file cannot be read. Choose it again.',
		tooLarge: (name: string, size: string) =>
			`${name}, ${size}, is too large for this page. Put it into the folder of its month and run "npm run -s validate".`,
	},
	origin: {
		title: 'This file is of another kind',
		text: (name: OriginName) => `It is ${origins[name]}.`,
		next: (kind: OriginKind) => nextSteps[kind],
	},
	result: {
		title: 'What this will say',
		waiting: 'Choose an entity and type both figures, or choose a file.',
		waitingForFile: 'Choose a file.',
		says: (it: { name: string; month: string; result: string }) =>
			`${it.name}, ${it.month}: ${it.result}.`,
		surplus: (energy: string) => `surplus ${energy} kWh`,
		deficit: (energy: string) => `deficit ${energy} kWh`,
		both: (surplus: string, deficit: string) => `${surplus}, ${deficit}`,
		even: 'neither surplus nor deficit',
		before: (it: { month: string; result: string; change: string }) =>
			`${it.month}: ${it.result}${it.change === '' ? '' : ` (${it.change})`}.`,
		nothingBefore: 'There is no earlier figure of this entity.',
		several: (it: { entities: number; month: string; generated: string; consumed: string }) =>
			`${it.entities} entities, ${it.month}: ${it.generated} kWh generated, ${it.consumed} kWh consumed.`,
		wrong: (count: number) =>
			count === 1
				? '1 problem has to be solved first.'
				: `${count} problems have to be solved first.`,
		otherBasis: {
			interval: (month: string) =>
				`${month} is settled by interval: it takes a file with the readings of each interval, no totals.`,
			monthly: (month: string) =>
				`${month} is settled by its totals: it takes a file with the columns entity, period, generated_kwh and consumed_kwh, no readings of intervals.`,
		},
		columns: { figure: 'kWh', now: 'Now', before: 'Before', change: 'Change' },
		rows: { generated: 'Generated', consumed: 'Consumed', own: 'Own use', result: 'Result' },
		short: {
			surplus: (energy: string) => `Surplus ${energy}`,
			deficit: (energy: string) => `Deficit ${energy}`,
			/** On interval basis a month can have both. */
			both: (surplus: string, deficit: string) => `Surplus ${surplus}, deficit ${deficit}`,
		},
		notFinal: (month: string) => `${month}, not final`,
		more: (count: number) => `and ${count} more entities`,
	},
	problems: {
		title: 'What has to be put right',
		notes: 'What was noticed',
		line: (line: number) => `line ${line}`,
		more: (count: number) => `and ${count} more`,
	},
	table: {
		title: 'The file as it was read',
		caption: 'Rows of the file',
		faults: 'Rows of the file with problems',
		line: 'Line',
		more: (count: number) => `${count} more rows are not shown.`,
	},
	repair: {
		title: 'A spreadsheet has changed this file',
		intro:
			'What can be put right is listed here, before and after. Nothing of it is done before you ask for it.',
		form,
		caption: 'Cells before and after',
		columns: { line: 'Line', field: 'Column', before: 'Before', after: 'After', code: 'Problem' },
		apply: (count: number) => `Repair: ${changes(count)}`,
		applied: (count: number) =>
			`Repaired: ${changes(count)}. Compare the figures with your source.`,
		undo: 'Take the repair back',
		more: (count: number) => `and ${changes(count)} more of the same kinds`,
		question: (it: { line: number; field: string; found: string }) =>
			`What does "${it.found}" mean (line ${it.line}, ${it.field})? It can be read in two ways, and only you know how this file writes numbers.`,
		decimals: (it: { sign: string; reading: string }) =>
			`${it.reading} kWh: the ${it.sign === '.' ? 'point' : 'comma'} stands before decimals`,
		thousands: (it: { sign: string; reading: string }) =>
			`${it.reading} kWh: the ${it.sign === '.' ? 'point' : 'comma'} parts thousands`,
		lost: (it: { line: number; field: string; found: string }) =>
			`Line ${it.line}, ${it.field}: "${it.found}" cannot be repaired. The spreadsheet has written it with an exponent and thrown digits away. Take the full number from the source of the figure.`,
		mixed: (it: { point: string; comma: string }) =>
			`Figures are not repaired: "${it.point}" has a point before its decimals and "${it.comma}" a comma. Write all of them in one way in the source, and export it again.`,
	},
	send: {
		title: 'Send it',
		file: 'File',
		place: (path: string) => `It will be ${path}:`,
		github: 'Open pull request on GitHub',
		forge: 'Open the new file in the repository',
		paste: 'Open an empty new file in the repository',
		edit: 'Open the file for editing',
		after: {
			github:
				'GitHub opens with the file filled in: press "Commit changes", then "Propose changes". No right to write is needed. Its check answers in words.',
			forge:
				'The repository opens with the file filled in: commit it to a new branch and open a pull request.',
			paste:
				'The file is too long for an address. Copy it, open the empty file, paste, and propose it.',
			named: 'Copy the text, open the empty file, paste, and propose it.',
			edit: 'This file is in the repository already. Copy the new text, open the file for editing, replace its content, and propose the change.',
			none: 'This site names no repository. Download the file, and put it into the repository or send it to whoever does.',
			exists: 'This file is in the repository already: it is to be replaced there.',
		},
		mayWrite: 'I may write to this repository',
		upload: 'Upload the downloaded file there',
		uploading: (path: string) =>
			`Download the file, keep its name, and add it on the page that opens: it becomes ${path}. Choose "Create a new branch" there.`,
		download: 'Download',
		copy: 'Copy',
		copied: 'Copied.',
		notCopied: 'Your browser does not let this page copy. Select the text above instead.',
	},
} as const;
