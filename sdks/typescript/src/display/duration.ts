/** How durations are written in a language, in the largest units that fit: `12 ms`, `1.5 s`, `2 min 3 s`, `27 h 47 min`. */
export function durationFormat(locale: string): (ms: number) => string {
  const whole = new Intl.NumberFormat(locale);
  const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (ms) => {
    if (ms < 1_000) return `${ms < 10 && !Number.isInteger(ms) ? oneDigit.format(ms) : Math.round(ms)} ms`;
    if (ms < 59_950) return `${oneDigit.format(ms / 1_000)} s`;
    const seconds = Math.round(ms / 1_000);
    if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    const minutes = Math.round(seconds / 60);
    return `${whole.format(Math.floor(minutes / 60))} h ${minutes % 60} min`;
  };
}

export const formatDuration = durationFormat("en");
