const TIME = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/i;

/** The activities of an alert as a view of the log, whose addresses have whole seconds. None of them is left out. */
export function logFilter(activities: string): URLSearchParams {
  const filter = new URLSearchParams(activities);
  for (const name of ["date_from", "date_to"]) {
    const [, whole = "", fraction = "", zone = ""] = TIME.exec(filter.get(name) ?? "") ?? [];
    // Dates of JavaScript have milliseconds only, so the fraction is looked at by itself.
    const seconds = zone ? Date.parse(whole + zone) / 1_000 : Number(whole || Number.NaN);
    const more = name === "date_to" && /[1-9]/.test(fraction) ? 1 : 0;
    if (Number.isInteger(seconds)) filter.set(name, String(seconds + more));
  }
  return filter;
}
