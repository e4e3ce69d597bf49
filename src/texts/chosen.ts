import type { Complete } from './language.ts';

/** The language of site and commands. Another is another file beside this one, named in both lines. */
export * from './en.ts';
export type Chosen = Complete<typeof import('./en.ts')>;
