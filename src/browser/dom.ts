type Child = Node | string;

/** An element with attributes and children; text is never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	attributes: Readonly<Record<string, string>> = {},
	...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
	element.append(...children);
	return element;
}

/** An element that the page has; its absence is a bug. */
export function need<Kind extends Element>(id: string, kind: new () => Kind): Kind {
	const element = document.getElementById(id);
	if (!(element instanceof kind)) throw new Error(`the page lacks #${id}`);
	return element;
}

/** A sign that is drawn, because not every computer has a font with it. */
export function sign(name: 'check' | 'cross' | 'open' | 'warning'): SVGSVGElement {
	const paths = {
		check: 'M2.5 8.5L6.5 12.5L13.5 4',
		cross: 'M3 3L13 13M13 3L3 13',
		open: 'M8 2.5A5.5 5.5 0 1 1 7.99 2.5',
		warning: 'M8 2L15 14H1Z',
	};
	const space = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(space, 'svg');
	const path = document.createElementNS(space, 'path');
	const attributes = { viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true' };
	for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
	svg.setAttribute('class', 'icon');
	path.setAttribute('d', paths[name]);
	path.setAttribute('class', name === 'warning' ? 'filled' : 'drawn');
	svg.append(path);
	return svg;
}

/** Hands a file to the visitor. */
export function save(name: string, bytes: BlobPart, type: string): void {
	const address = URL.createObjectURL(new Blob([bytes], { type }));
	const link = make('a', { href: address, download: name });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
