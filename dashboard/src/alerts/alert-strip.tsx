import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { neighbourOf } from "../activity/row-list";
import { decideAlert, getAlert } from "../api/alert-calls";
import { listAlerts } from "../api/calls";
import type { Alert, Session } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { ALERTS_PATH, alertAddress } from "../paths";
import { ruleText } from "../texts/rules";
import { plural, rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Button } from "../ui/button";
import { useClock } from "../ui/clock";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { arrivalsOf } from "./arrivals";
import { GroupWords } from "./group-words";
import { SeverityMark } from "./marks";
import { isGrave, isMuted } from "./notices";
import { alertKey, OPEN_ALERTS_KEY } from "./query-keys";
import { inHours, secondsOf } from "./times";

/** Among so many of the newest ones that are open, one is looked for that is grave and not muted. */
const LOOKED_AT = 50;

/** The newest open alert that is grave and not muted, in one line over the list, until a user decides about it. */
export default function AlertStrip({ session }: { session: Session }) {
  const { data } = useQuery({
    queryKey: [...OPEN_ALERTS_KEY, "strip"],
    queryFn: ({ signal }) =>
      listAlerts(new URLSearchParams({ state: "open", limit: String(LOOKED_AT) }), signal),
    staleTime: Number.POSITIVE_INFINITY,
    ...WHILE_AWAY,
  });
  const newest = useClock((now) => data?.data.findIndex((one) => isGrave(one) && !isMuted(one, now)) ?? -1);
  const alert = data?.data[newest];
  if (!data) return null;
  if (!alert) return <NoneGrave open={data.open} />;
  return (
    <Strip
      key={alert.id}
      raised={alert}
      others={Math.max(0, data.open - 1)}
      canDecide={session.role === "admin"}
    />
  );
}

const NoneGrave = ({ open }: { open: number }) => (
  <p className="flex items-center px-3 text-xs text-faint">
    {rich("{alerts}, none of them grave and unmuted", {
      alerts: (
        <Link
          href={`${ALERTS_PATH}?state=open`}
          className="inline-flex min-h-6 items-center rounded hover:underline"
        >
          {plural(open, "{count} open alert", "{count} open alerts")}
        </Link>
      ),
    })}
  </p>
);

interface StripProps {
  raised: Alert;
  others: number;
  canDecide: boolean;
}

function Strip({ raised, others, canDecide }: StripProps) {
  // Under this key the stream puts each new version of an alert that goes on.
  const { data: alert } = useQuery({
    queryKey: alertKey(raised.id),
    queryFn: ({ signal }) => getAlert(raised.id, signal),
    initialData: raised,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const tone = alert.severity === "critical" ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn";
  return (
    <section
      aria-label={t("Open alert")}
      className={`flex min-w-0 flex-1 items-center gap-2 px-3 text-xs ${tone}`}
    >
      <SeverityMark severity={alert.severity} />
      <span className="min-w-0 truncate font-semibold max-sm:flex-1">
        <SenderText text={ruleText(alert.title)} />
      </span>
      <span className="min-w-0 flex-1 truncate text-ink max-sm:hidden">
        <span className="tabular">×{formatNumber(alert.count)}</span> ·{" "}
        <GroupWords group={alert.group} tenant={alert.tenant_id} /> ·{" "}
        <Moment seconds={secondsOf(alert.last_at)} />
      </span>
      {others > 0 && (
        <Link href={`${ALERTS_PATH}?state=open`} className={`${ACTION} tabular text-ink max-sm:hidden`}>
          {plural(others, "{count} more open", "{count} more open|many")}
        </Link>
      )}
      <Link href={alertAddress(alert.id)} className={`${ACTION} font-semibold`}>
        {t("Show|do")}
      </Link>
      {canDecide && <MuteHour id={alert.id} />}
    </section>
  );
}

const ACTION = "inline-flex h-6 shrink-0 items-center rounded px-1.5 underline-offset-2 hover:underline";

function MuteHour({ id }: { id: string }) {
  const queries = useQueryClient();
  const mute = useMutation({
    mutationFn: () => decideAlert(id, { decision: "mute", until: inHours(1) }, ""),
    onSuccess: (muted) => {
      arrivalsOf(queries).settle(muted);
      // The strip goes, and the focus that was on it must not be lost.
      neighbourOf(null, 1)?.focus();
      return queries.invalidateQueries({ queryKey: OPEN_ALERTS_KEY });
    },
  });
  return (
    <>
      {mute.error && (
        <span role="alert" className="truncate text-bad">
          {rich("Not muted: {reason}", { reason: <SenderText text={mute.error.message} lines /> })}
        </span>
      )}
      <Button
        look="quiet"
        size="small"
        title={t("No message is sent about this alert for {time}. It stays in the list of alerts.", {
          time: t("1 h"),
        })}
        onClick={() => {
          if (!mute.isPending) mute.mutate();
        }}
      >
        {t("Mute {time}", { time: t("1 h") })}
      </Button>
    </>
  );
}
