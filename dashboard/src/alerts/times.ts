/** A time of the API, RFC 3339, in epoch seconds as the page's formats take them. */
export const secondsOf = (time: string): number => {
  const seconds = Date.parse(time) / 1_000;
  return Number.isFinite(seconds) ? seconds : 0;
};

/** So many hours from now, as the API takes it. */
export const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
