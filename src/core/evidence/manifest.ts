import * as z from 'zod/mini';
import { digest, encodeText } from '../format/bytes.ts';
import { formatJson } from '../format/json.ts';
import { LOG_NAME, TIME_ZONE } from '../format/name.ts';
import { isInstant, isPeriod } from '../format/period.ts';
import { compareText } from '../problem.ts';
import { type Document, readDocument } from './canonical.ts';

const FORMAT = 'wattproof/manifest/v1';
/** The version of `docs/spec/` whose arithmetic the engine follows. */
export const SPEC_VERSION = 1;

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const count = z.int().check(z.minimum(1));
const wh = z.int().check(z.minimum(0));
const period = z.string().check(z.refine(isPeriod));
const instant = z.string().check(z.refine(isInstant));

const objectId = (digits: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

const schema = z.strictObject({
	format: z.literal(FORMAT),
	log: z.string().check(z.regex(LOG_NAME)),
	sequence: count,
	period,
	run: count,
	kind: z.enum(['initial', 'correction', 'dispute']),
	reason: z.nullable(z.string()),
	previous: z.nullable(
		z.strictObject({ sequence: count, manifest_sha256: sha256, signatures_sha256: sha256 }),
	),
	supersedes: z.nullable(z.strictObject({ run: count, manifest_sha256: sha256 })),
	trust_root: z.strictObject({ version: count, sha256 }),
	files: z.strictObject({ sha256, count, bytes: count }),
	engine: z.strictObject({ spec: count, version: z.string() }),
	basis: z.discriminatedUnion('kind', [
		z.strictObject({ kind: z.literal('monthly') }),
		z.strictObject({
			kind: z.literal('interval'),
			time_zone: z.string().check(z.regex(TIME_ZONE)),
			interval_minutes: z.literal([5, 15, 30, 60]),
			utc_start: instant,
			utc_end: instant,
			intervals: count,
			offsets: z.array(z.strictObject({ from: instant, minutes: z.int() })),
		}),
	]),
	totals: z.strictObject({
		generated_wh: wh,
		consumed_wh: wh,
		self_consumed_wh: wh,
		surplus_wh: wh,
		deficit_wh: wh,
		shared_wh: wh,
		exported_wh: wh,
		imported_wh: wh,
	}),
	source: z.discriminatedUnion('object_format', [
		z.strictObject({ object_format: z.literal('sha1'), commit: objectId(40) }),
		z.strictObject({ object_format: z.literal('sha256'), commit: objectId(64) }),
	]),
	incidents: z.array(
		z.strictObject({
			path: z.string(),
			altered_in: z.string(),
			restored_in: z.string(),
			reason: z.string(),
		}),
	),
	finalized_at: instant,
});

/** What a finalizer signs: it binds a run's files, its place in the log and the time of finality. */
export type Manifest = z.output<typeof schema>;

/** The manifest with its keys in the order of docs/spec/log.md, at every level. */
function ordered(it: Manifest): Manifest {
	const { previous, supersedes, totals } = it;
	return {
		format: it.format,
		log: it.log,
		sequence: it.sequence,
		period: it.period,
		run: it.run,
		kind: it.kind,
		reason: it.reason,
		previous: previous && {
			sequence: previous.sequence,
			manifest_sha256: previous.manifest_sha256,
			signatures_sha256: previous.signatures_sha256,
		},
		supersedes: supersedes && { run: supersedes.run, manifest_sha256: supersedes.manifest_sha256 },
		trust_root: { version: it.trust_root.version, sha256: it.trust_root.sha256 },
		files: { sha256: it.files.sha256, count: it.files.count, bytes: it.files.bytes },
		engine: { spec: it.engine.spec, version: it.engine.version },
		basis: orderedBasis(it.basis),
		totals: {
			generated_wh: totals.generated_wh,
			consumed_wh: totals.consumed_wh,
			self_consumed_wh: totals.self_consumed_wh,
			surplus_wh: totals.surplus_wh,
			deficit_wh: totals.deficit_wh,
			shared_wh: totals.shared_wh,
			exported_wh: totals.exported_wh,
			imported_wh: totals.imported_wh,
		},
		source: { object_format: it.source.object_format, commit: it.source.commit },
		incidents: it.incidents.map(({ path, altered_in, restored_in, reason }) => ({
			path,
			altered_in,
			restored_in,
			reason,
		})),
		finalized_at: it.finalized_at,
	};
}

function orderedBasis(basis: Manifest['basis']): Manifest['basis'] {
	if (basis.kind === 'monthly') return { kind: basis.kind };
	return {
		kind: basis.kind,
		time_zone: basis.time_zone,
		interval_minutes: basis.interval_minutes,
		utc_start: basis.utc_start,
		utc_end: basis.utc_end,
		intervals: basis.intervals,
		offsets: basis.offsets.map(({ from, minutes }) => ({ from, minutes })),
	};
}

export function parseManifest(bytes: Uint8Array): Document<Manifest> {
	return readDocument(bytes, FORMAT, schema, ordered);
}

export function formatManifest(manifest: Omit<Manifest, 'format'>): Uint8Array {
	return formatJson(ordered({ ...manifest, format: FORMAT }));
}

/** The digest that the next manifest holds of all signatures over this one (docs/spec/log.md). */
export function signaturesDigest(signatures: ReadonlyMap<string, Uint8Array>): string {
	const lines = [...signatures]
		.toSorted(([a], [b]) => compareText(a, b))
		.map(([path, bytes]) => `${digest(bytes)}  ${path}\n`);
	return digest(encodeText(lines.join('')));
}
