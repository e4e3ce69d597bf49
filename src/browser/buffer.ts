import { Buffer } from 'buffer';

// csv-parse takes Node's Buffer from the global scope.
globalThis.Buffer ??= Buffer;
