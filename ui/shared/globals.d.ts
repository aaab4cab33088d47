/** The version in ui/package.json, put in by the build. */
declare const __USHER_VERSION__: string;
