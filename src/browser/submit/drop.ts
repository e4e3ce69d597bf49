/** Lets files be dropped on a place. */
export function takeDrops(place: HTMLElement, take: (file: File) => Promise<void>): void {
	const over = (on: boolean) => (event: DragEvent) => {
		event.preventDefault();
		place.classList.toggle('over', on);
	};
	place.addEventListener('dragover', over(true));
	place.addEventListener('dragleave', over(false));
	place.addEventListener('drop', (event) => {
		over(false)(event);
		const [file] = event.dataTransfer?.files ?? [];
		if (file) void take(file);
	});
}
