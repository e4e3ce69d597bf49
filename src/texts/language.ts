type Widened<Value> = Value extends string
	? string
	: Value extends (...details: infer Details) => infer Text
		? (...details: Details) => Widened<Text>
		: { readonly [Key in keyof Value]: Widened<Value[Key]> };

/** What a file of texts has to export: every key of the English one, with texts of its own. */
export type Texts = Widened<typeof import('./en.ts')>;

/** A language that lacks nothing: naming an incomplete one does not compile. */
export type Complete<Language extends Texts> = Language;
