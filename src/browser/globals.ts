import { Buffer } from 'buffer';
import * as z from 'zod/mini';

// csv-parse takes Node's Buffer from the global scope.
globalThis.Buffer ??= Buffer;
// Without this zod tries to compile code, which the policy of the page forbids and reports.
z.config({ jitless: true });
