import { visible } from '../core/format/name.ts';
import { rootWords } from '../texts/chosen.ts';
import { paint } from './print.ts';
import type { KeyLine, RootView } from './root-draft.ts';

/** A trust root for the people who sign it or ask who may sign: keys, holders, what changes. */
export function rootText({ root, sha256, rootKeys, finalizers, approvers }: RootView): string {
	const lasting = rootKeys.filter(({ change }) => change !== 'removed').length;
	const signing = finalizers.filter(({ change }) => change !== 'ends').length;
	const asked = approvers.filter(({ change }) => change !== 'removed').length;
	return [
		visible(rootWords.title(root)),
		rootWords.digest(sha256),
		'',
		rootWords.rootKeys(root.root_threshold, lasting),
		...rootKeys.map(keyText),
		'',
		rootWords.finalizers(signing),
		...finalizers.map(keyText),
		'',
		rootWords.approvers(asked),
		...approvers.map(keyText),
	].join('\n');
}

function keyText({ fingerprint, holder, role, change }: KeyLine): string {
	const mark = rootWords.changes[change].padEnd(9);
	const painted = change === 'kept' ? mark : paint('yellow', mark);
	const name = visible(holder) || rootWords.nobody;
	return `  ${painted}${fingerprint}  ${role === '' ? name : rootWords.approver(role, name)}`;
}
