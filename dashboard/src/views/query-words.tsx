import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";

/** What a view shows, parameter by parameter. */
export function QueryWords({ query }: { query: string }) {
  const pairs = [...new URLSearchParams(query)];
  if (pairs.length === 0)
    return <p className="text-xs text-muted">{t("It shows the whole log, the newest first.")}</p>;
  return (
    <ul aria-label={t("What it shows")} className="flex max-h-32 flex-wrap gap-1.5 overflow-y-auto">
      {pairs.map(([name, value]) => (
        <li
          key={`${name}=${value}`}
          className="max-w-full truncate rounded bg-accent-soft px-1.5 py-0.5 text-xs"
        >
          <span className="text-muted">{name === "window" ? t("last") : name}</span>{" "}
          <SenderText text={value} />
        </li>
      ))}
    </ul>
  );
}
