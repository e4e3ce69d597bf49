/** Stands for parts of openpgp.js that no signature of a log uses. */
export {};
