/** The version of the integration that these files were built for. */
declare const __VERSION__: string;
