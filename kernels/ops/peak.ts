/** Independent chains of multiply-adds, so that their latency does not count; with x and y they fill V8's registers. */
export const PEAK_CHAINS = 12;
