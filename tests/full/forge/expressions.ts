import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** Everything that an expression of a workflow may ask for, by the names of GitHub's contexts. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the jobs or steps before went. */
export type Before = 'success' | 'failure';

const STATUS = /\b(success|failure|cancelled|always)\(\)/;

function evaluate(expression: string, contexts: Contexts, before: Before): data.ExpressionData {
	const truths = {
		success: before === 'success',
		failure: before === 'failure',
		cancelled: false,
		always: true,
	};
	const functions = Object.entries(truths).map(([name, value]) => ({
		name,
		minArgs: 0,
		maxArgs: 0,
		call: () => new data.BooleanData(value),
	}));
	const { tokens } = new Lexer(expression).lex();
	const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
	const known: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
	if (!(known instanceof data.Dictionary)) throw new Error('Contexts are a map.');
	return new Evaluator(tree, known, new Map(functions.map((it) => [it.name, it]))).evaluate();
}

/** A text with every expression in it replaced by its value, by GitHub's own evaluator. */
export function fill(text: unknown, contexts: Contexts): string {
	return String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
		evaluate(expression, contexts, 'success').coerceString(),
	);
}

/** Whether a condition holds; without a status function it also asks for success so far. */
export function holds(condition: unknown, contexts: Contexts, before: Before): boolean {
	if (condition === undefined) return before === 'success';
	const text = String(condition)
		.trim()
		.replace(/^\$\{\{(.*)\}\}$/s, '$1');
	const asked = STATUS.test(text) ? text : `success() && (${text})`;
	return evaluate(asked, contexts, before).coerceString() === 'true';
}
