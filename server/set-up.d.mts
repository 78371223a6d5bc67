/** Installs and builds as far as needed. Ends the process when one of them fails. */
export function setUp(): void
