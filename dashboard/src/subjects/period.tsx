import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { nowSeconds } from "../ui/clock";
import { Segments } from "../ui/segments";

const DAY = 86_400;
const SECONDS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, all: null } as const;
export type Period = keyof typeof SECONDS;

const PERIODS = [
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "all", label: "All|period" },
] as const satisfies readonly { value: Period; label: Text }[];

const parser = parseAsStringLiteral(PERIODS.map(({ value }) => value))
  .withDefault("24h")
  .withOptions({ history: "push" });

/** How far back a page looks. It stands in the address. */
export const usePeriod = () => useQueryState("period", parser);

/** The period as a date of the API's filter, which moves with the clock. */
export function since(period: Period): Record<string, string> {
  const seconds = SECONDS[period];
  return seconds === null ? {} : { date_from: String(Math.floor(nowSeconds()) - seconds) };
}

export function PeriodChoice() {
  const [period, setPeriod] = usePeriod();
  return <Segments label={t("Period")} choices={translated(PERIODS)} value={period} onChange={setPeriod} />;
}
