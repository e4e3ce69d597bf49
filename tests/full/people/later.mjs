// Loaded before a command: its clock runs some days ahead, so that a lock can have passed.
const ahead = Number(process.env.DAYS_AHEAD ?? 0) * 86_400_000;
const Real = Date;
if (ahead > 0) {
	globalThis.Date = class extends Real {
		constructor(...parts) {
			super(...(parts.length === 0 ? [Real.now() + ahead] : parts));
		}
		static now() {
			return Real.now() + ahead;
		}
	};
}
