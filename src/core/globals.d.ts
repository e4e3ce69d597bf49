// The web globals the core may use. Both Node and every browser have them; nothing else is global here.
declare class TextEncoder {
	encode(text: string): Uint8Array;
}
declare class TextDecoder {
	constructor(label: 'utf-8', options: { fatal: true; ignoreBOM: true });
	decode(bytes: Uint8Array): string;
}
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
