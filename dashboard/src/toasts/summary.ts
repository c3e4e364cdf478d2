import { formatNumber } from "../ui/format";

/** "12 new, 1 failed" */
export const summary = (count: number, failed: number): string =>
  `${formatNumber(count)} new${failed > 0 ? `, ${formatNumber(failed)} failed` : ""}`;
