import manifest from '../../package.json' with { type: 'json' };

/** The version of this program, as its manifests name it. */
export const VERSION: string = manifest.version;
