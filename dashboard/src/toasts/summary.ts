import { plural } from "../texts/texts";
import { formatNumber } from "../ui/format";

/** "12 new, 1 failed" */
export const summary = (count: number, failed: number): string =>
  failed === 0
    ? plural(count, "{count} new", "{count} new|many")
    : plural(count, "{count} new, {failed} failed", "{count} new, {failed} failed|many", {
        failed: formatNumber(failed),
      });
