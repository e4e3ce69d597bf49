/** A place that takes what is dropped on it; the browser would open the file otherwise. */
export function takeDrops(
	place: HTMLElement,
	take: (data: DataTransfer) => Promise<void> | void,
): void {
	const over = (on: boolean) => (event: DragEvent) => {
		event.preventDefault();
		place.classList.toggle('over', on);
	};
	place.addEventListener('dragover', over(true));
	place.addEventListener('dragleave', over(false));
	place.addEventListener('drop', (event) => {
		over(false)(event);
		if (event.dataTransfer) void take(event.dataTransfer);
	});
}
