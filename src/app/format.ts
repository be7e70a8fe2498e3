/** Seconds as people say them: "8 s", "2 min 5 s", "1 h 12 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Seconds of a guess, no finer than it deserves: "40 min", "3 h", "12 h", "2 days". */
export function roughDuration(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 90) return `${Math.max(1, Math.round(minutes / 5) * 5)} min`;
  const hours = minutes / 60;
  if (hours < 36) return `${hours < 5 ? Math.round(hours * 2) / 2 : Math.round(hours)} h`;
  return `${Math.round(hours / 24)} days`;
}

/** Bytes with a unit. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
