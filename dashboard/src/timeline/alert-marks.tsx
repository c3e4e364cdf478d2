import { Link } from "wouter";
import { secondsOf } from "../alerts/times";
import type { Alert } from "../api/types";
import { alertAddress } from "../paths";
import { ruleText } from "../texts/rules";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { formatNumber, inWords } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import type { AlertMark } from "./marks";
import { formatTime } from "./times";

/** Alerts over the bars: a line where each began, and what it is. A click opens it. */
export function AlertMarks({ marks }: { marks: readonly AlertMark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul aria-label={t("Alerts in this time")} className="pointer-events-none absolute inset-0">
      {marks.map((mark) => (
        <Mark key={mark.alert.id} {...mark} />
      ))}
    </ul>
  );
}

function Mark({ alert, count, place, isBefore }: AlertMark) {
  const { zone } = useTimes();
  const tone = alert.severity === "critical" ? "text-bad" : "text-warn";
  const time = formatTime(secondsOf(alert.first_at), zone);
  const others = count > 1 ? ` +${formatNumber(count - 1)}` : "";
  const name = `${visibleText(ruleText(alert.title))}, ${time}`;
  return (
    <li className={`absolute inset-y-0 ${tone}`} style={{ left: `${place * 100}%` }}>
      <span aria-hidden className="absolute top-0 bottom-3 border-l border-dotted border-current" />
      <Link
        href={alertAddress(alert.id)}
        title={others ? t("{name}, and {count} more", { name, count: count - 1 }) : name}
        className={`pointer-events-auto absolute top-0 flex h-6 w-max max-w-46 min-w-6 items-start text-2xs leading-3.5 hover:underline ${isBefore ? "right-0.5 justify-end" : "left-0.5"}`}
      >
        <span className="flex min-w-0 gap-1 rounded bg-canvas/85 px-0.5 whitespace-nowrap">
          <span className="truncate">
            <SenderText text={nameOf(alert)} />
          </span>
          <span className="tabular shrink-0">
            {time}
            {others}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** The id of a rule is shorter than its title. */
const nameOf = ({ rule }: Alert): string => inWords(rule).toLowerCase();
