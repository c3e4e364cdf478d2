import { formatNumber } from "../ui/format";

/** How long activities are kept, in words. */
export const hoursText = (hours: number | null): string =>
  hours === null
    ? "Without an end"
    : hours % 24 === 0
      ? `${formatNumber(hours / 24)} ${hours === 24 ? "day" : "days"}`
      : `${formatNumber(hours)} hours`;
