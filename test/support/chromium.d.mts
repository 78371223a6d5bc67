/* What chromium.mjs gives to tests that are checked by the compiler. */
export function findChromium(): string | undefined
export function needChromium(): string | undefined
