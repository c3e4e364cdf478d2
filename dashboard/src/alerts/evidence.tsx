import { ListFilter } from "lucide-react";
import { Link } from "wouter";
import { ActivityLine } from "../activity/activity-line";
import { userName } from "../activity/user-name";
import type { Activity, Alert } from "../api/types";
import { logAddress } from "../paths";
import { NotCounted } from "../states/not-counted";
import { rich, t } from "../texts/texts";
import { Badge } from "../ui/badge";
import { Block } from "../ui/block";
import { formatNumber } from "../ui/format";
import { logFilter } from "./log-filter";
import { MAX_EVIDENCE, type useEvidence } from "./use-evidence";

interface EvidenceProps {
  alert: Alert;
  evidence: ReturnType<typeof useEvidence>;
}

/** The activities that an alert is about: the first of them here, all of them one link away. */
export function Evidence({ alert, evidence }: EvidenceProps) {
  return (
    <Block
      title={t("Activities")}
      tools={
        alert.activities !== "" && (
          <Link
            href={logAddress(logFilter(alert.activities))}
            className="inline-flex items-center gap-1.5 text-xs font-medium text-accent hover:underline"
          >
            <ListFilter aria-hidden className="size-3" />
            {t("Show all in the log")}
          </Link>
        )
      }
    >
      <Rows alert={alert} evidence={evidence} />
    </Block>
  );
}

function Rows({ alert, evidence: { data, error, refetch } }: EvidenceProps) {
  if (alert.activities === "") {
    return (
      <p className="text-xs text-muted">
        {rich("No filter of the log says which activities these are. Their positions: {positions}", {
          positions: <span className="tabular font-mono wrap-anywhere text-ink">{positionsOf(alert)}</span>,
        })}
      </p>
    );
  }
  if (!data) {
    if (error)
      return (
        <NotCounted
          what={t("Not read")}
          error={error}
          onRetry={() => void refetch()}
          className="min-h-16 gap-3"
        />
      );
    return (
      <p role="status" className="text-xs text-faint">
        {t("Reading the activities…")}
      </p>
    );
  }
  if (data.rows.length === 0) {
    return (
      <p className="text-xs text-muted">
        {t("They are not in the log any more: the retention has deleted them. The alert stays.")}
      </p>
    );
  }
  return (
    <>
      <ol className="divide-y divide-line overflow-hidden rounded-lg border border-line">
        {data.rows.map((activity) => (
          <EvidenceRow key={activity.id} alert={alert} activity={activity} />
        ))}
      </ol>
      {data.hasMore && (
        <p className="text-2xs text-faint">
          {t("The first {count}, the oldest first.", { count: MAX_EVIDENCE })}
        </p>
      )}
      {data.rows.length > alert.count && (
        <p className="text-2xs text-faint">
          {t(
            "No filter of the log says all that the rule says, so there are activities here that do not count.",
          )}
        </p>
      )}
    </>
  );
}

function EvidenceRow({ alert, activity }: { alert: Alert; activity: Activity }) {
  return (
    <li>
      <ActivityLine
        activity={activity}
        href={logAddress(logFilter(alert.activities), activity.id)}
        subject={activity.ip_address ?? userName(activity)}
      >
        {activity.position === alert.position && <Badge tone="warn">{t("raised it")}</Badge>}
      </ActivityLine>
    </li>
  );
}

const positionsOf = ({ positions, count }: Alert): string =>
  positions.map(formatNumber).join(" · ") + (count > positions.length ? " …" : "");
