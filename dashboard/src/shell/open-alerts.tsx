import { useOpenAlerts } from "../alerts/use-open-alerts";
import { t } from "../texts/texts";

const MAX_SHOWN = 99;

/** "3", beside the name of the page of alerts. */
export function OpenAlerts() {
  const open = useOpenAlerts();
  if (!open) return null;
  return (
    <span
      title={t("{count} open", { count: open })}
      className="tabular inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-bad-solid px-1 text-2xs font-semibold text-white"
    >
      {open > MAX_SHOWN ? `${MAX_SHOWN}+` : open}
      <span className="sr-only"> {t("open")}</span>
    </span>
  );
}
