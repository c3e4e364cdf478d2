import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Link } from "wouter";
import { ALERTS_PATH, alertAddress } from "../paths";
import { ruleText } from "../texts/rules";
import { rich, t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { arrivalsOf } from "./arrivals";
import { GroupWords } from "./group-words";
import { SeverityMark } from "./marks";
import type { Notice } from "./notices";

/**
 * Says below the pages at the left, and so never over a row, that an alert was raised. A narrow screen has no column
 * there, so the notice stands at its bottom, in the place of the toasts. It stays the same notice while the alert goes
 * on; only its title is read out, and once.
 */
export default function AlertNotice() {
  const { notices } = arrivalsOf(useQueryClient());
  const notice = useSyncExternalStore(notices.subscribe, notices.visible);
  return (
    <section aria-label={t("New alert")} className="min-w-0">
      <p aria-live="polite" className="sr-only">
        {notice && rich("Alert: {title}", { title: <SenderText text={ruleText(notice.alert.title)} /> })}
      </p>
      {notice && <NoticeBar {...notice} onDismiss={notices.dismiss} />}
    </section>
  );
}

function NoticeBar({ alert, others, onDismiss }: Notice & { onDismiss: () => void }) {
  const tone =
    alert.severity === "critical"
      ? "border-bad/40 bg-bad-soft text-bad"
      : "border-warn/40 bg-warn-soft text-warn";
  return (
    <div
      data-notice
      className={`animate-rise flex min-w-0 items-center gap-2 rounded-lg border pr-0.5 pl-2.5 text-xs max-lg:floating max-lg:fixed max-lg:right-3 max-lg:bottom-3 max-lg:z-40 max-lg:min-h-14 max-lg:w-[26rem] max-lg:max-w-[calc(100vw-1.5rem)] lg:mb-2 lg:flex-wrap lg:gap-x-1 lg:gap-y-0.5 lg:py-2 lg:pl-2 ${tone}`}
    >
      <SeverityMark severity={alert.severity} />
      <span className="flex min-w-0 flex-1 flex-col lg:basis-28">
        <span className="truncate font-medium lg:whitespace-normal">
          <SenderText text={ruleText(alert.title)} />
        </span>
        <span className="min-w-0 truncate text-muted">
          <GroupWords group={alert.group} tenant={alert.tenant_id} />
        </span>
      </span>
      <span className="tabular shrink-0 text-muted">×{formatNumber(alert.count)}</span>
      <Link
        href={alertAddress(alert.id)}
        onClick={onDismiss}
        className="shrink-0 rounded px-1.5 py-1 font-medium text-ink underline-offset-2 hover:underline"
      >
        {t("Show|do")}
      </Link>
      {others > 0 && (
        <Link
          href={`${ALERTS_PATH}?state=open`}
          onClick={onDismiss}
          className="tabular shrink-0 rounded px-1.5 py-1 text-ink underline-offset-2 hover:underline"
        >
          {t("+{count} more", { count: others })}
        </Link>
      )}
      <IconButton label={t("Dismiss")} onClick={onDismiss}>
        <X aria-hidden className="size-3.5" />
      </IconButton>
    </div>
  );
}
