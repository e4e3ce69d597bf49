// csv-parse reads through a global Buffer; it has to be there before the engine is.
import './buffer.ts';
import { settlementsDigest } from './communities.ts';

/** What the browser test calls: the engine, bundled as a page would load it. */
Object.assign(globalThis, { settlementsDigest });
