import { Link } from "wouter";
import { ActivityIcon } from "../activity/activity-icon";
import { ClockTime } from "../activity/cells";
import { shortDevice } from "../activity/device-text";
import type { Activity } from "../api/types";
import { logAddress } from "../paths";
import { sentenceOf } from "../texts/actions";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { formatDuration } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { gapText, linesOf } from "./steps";

interface ActivityStepsProps {
  label: string;
  rows: readonly Activity[];
  /** The filter that the activities are opened with in the log. */
  filter: Record<string, string>;
}

/** Activities in time order, the newest first. Stretches in which nothing happened are said. */
export function ActivitySteps({ label, rows, filter }: ActivityStepsProps) {
  const times = useTimes();
  return (
    <ol aria-label={label} className="text-sm">
      {linesOf(rows, times.zone).map((line) => (
        <li key={line.key} className="border-b border-line">
          {line.kind === "activity" && <Step activity={line.activity} filter={filter} />}
          {line.kind === "day" && (
            <span className="block px-3 py-1 text-2xs font-medium text-faint">
              {times.day(line.seconds * 1_000)}
            </span>
          )}
          {line.kind === "gap" && (
            <span className="block px-3 py-1 pl-32 text-2xs text-faint">
              {t("{time} nothing", { time: gapText(line.seconds) })}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Step({ activity, filter }: { activity: Activity; filter: Record<string, string> }) {
  const { id, success, error_message, ip_address, device, duration_ms } = activity;
  return (
    <span
      className={`flex min-h-7 items-center gap-2 px-3 hover:bg-hover ${success ? "" : "shadow-[inset_2px_0_0_var(--bad)]"}`}
    >
      <span className="w-24 shrink-0">
        <ClockTime activity={activity} />
      </span>
      <ActivityIcon
        name={activity.icon}
        className={`size-3.5 shrink-0 ${success ? "text-faint" : "text-bad"}`}
      />
      <Link
        href={logAddress(new URLSearchParams(filter), id)}
        className="min-w-0 shrink truncate rounded leading-6 hover:underline"
      >
        <SenderText text={sentenceOf(activity)} sentence />
      </Link>
      {!success && <span className="shrink-0 text-2xs font-medium text-bad">{t("failed")}</span>}
      {error_message && (
        <span className="min-w-0 flex-1 truncate text-xs text-bad">
          <SenderText text={error_message} lines />
        </span>
      )}
      <span className="ml-auto hidden shrink-0 items-center gap-3 pl-2 text-xs text-faint @3xl:flex">
        {ip_address && <Address ip={ip_address} />}
        <span className="w-36 truncate">{device && <SenderText text={shortDevice(device) ?? ""} />}</span>
        <span className="tabular w-16 text-right">{duration_ms !== null && formatDuration(duration_ms)}</span>
      </span>
    </span>
  );
}

const Address = ({ ip }: { ip: string }) => (
  <span className="w-36 truncate font-mono">
    <SenderText text={ip} />
  </span>
);
