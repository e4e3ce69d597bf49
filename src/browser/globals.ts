import './buffer.ts';
import * as z from 'zod/mini';

// Without this zod tries to compile code, which the policy of the page forbids and reports.
z.config({ jitless: true });
