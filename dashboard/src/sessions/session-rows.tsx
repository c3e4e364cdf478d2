import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "wouter";
import { shortDevice } from "../activity/device-text";
import { userName } from "../activity/user-name";
import { secondsOf } from "../alerts/times";
import type { LogSession } from "../api/types";
import { literally } from "../filters/terms";
import { personAddress, sessionAddress } from "../paths";
import { FailedLabel } from "../subjects/failed-label";
import { StepList } from "../subjects/step-list";
import { Moment } from "../times/moment";
import { formatDuration, formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";

/** Sessions, one line each. The activities of a session are folded under its line. */
export function SessionRows({ sessions }: { sessions: readonly LogSession[] }) {
  return (
    <ul aria-label="Sessions" className="text-sm">
      {sessions.map((session) => (
        <SessionRow key={session.session_id} session={session} />
      ))}
    </ul>
  );
}

function SessionRow({ session }: { session: LogSession }) {
  const [open, setOpen] = useState(false);
  const below = useId();
  const { session_id, count, failed_count } = session;
  const [first, last] = [secondsOf(session.first_at), secondsOf(session.last_at)];
  return (
    <li className="border-b border-line">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1 hover:bg-hover">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={below}
          aria-label={`Activities of session ${session_id}`}
          onClick={() => setOpen(!open)}
          className="flex size-6 shrink-0 items-center justify-center rounded text-faint hover:text-ink"
        >
          <ChevronRight aria-hidden className={`size-4 transition-transform ${open ? "rotate-90" : ""}`} />
        </button>
        <Who session={session} />
        <span className="flex flex-wrap items-center gap-x-3 text-xs text-muted @3xl:ml-auto @max-3xl:w-full @max-3xl:pl-9">
          <span className="tabular">
            {formatNumber(count)} {count === 1 ? "activity" : "activities"}
          </span>
          <span className="text-right @3xl:w-20">
            <FailedLabel count={count} failed={failed_count} />
            <span className="@3xl:sr-only"> failed</span>
          </span>
          <span title="From the first to the last activity" className="tabular text-right @3xl:w-24">
            {formatDuration(Math.round((last - first) * 1_000))}
          </span>
          <span className="text-right @3xl:w-24">
            <Moment seconds={last} />
          </span>
        </span>
        <Origin session={session} />
      </div>
      <div id={below}>{open && <StepList filter={{ session_id: literally(session_id) }} folded />}</div>
    </li>
  );
}

function Who({ session }: { session: LogSession }) {
  const { session_id, user_id, tenant_id, is_admin } = session;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        href={personAddress(user_id, tenant_id)}
        className="truncate rounded leading-6 font-medium hover:underline"
      >
        <SenderText text={userName(session)} />
      </Link>
      {is_admin && <span className="text-2xs font-medium text-accent">admin</span>}
      <Link
        href={sessionAddress(session_id)}
        className="max-w-48 min-w-0 truncate rounded font-mono text-2xs leading-6 text-faint hover:underline"
      >
        <SenderText text={session_id} />
      </Link>
    </span>
  );
}

const Origin = ({ session: { ip_address, device } }: { session: LogSession }) => (
  <span className="hidden w-72 shrink-0 justify-end gap-3 text-xs text-faint @4xl:flex">
    <span className="truncate">{device && <SenderText text={shortDevice(device) ?? ""} />}</span>
    <span className="w-36 truncate text-right font-mono">
      {ip_address && <SenderText text={ip_address} />}
    </span>
  </span>
);
