/*
 * How long a test waits for what must come: only so that one that hangs fails. Machines that run
 * tests are shared and may be very busy for a while, so it is long; it is never a figure.
 */
export const hangMs = 90_000
