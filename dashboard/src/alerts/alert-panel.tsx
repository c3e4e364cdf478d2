import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { BellRing, ShieldCheck } from "lucide-react";
import { useEffect } from "react";
import { Link } from "wouter";
import { SkeletonRows } from "../activity/skeleton-rows";
import type { Alert } from "../api/types";
import { RULES_PATH } from "../paths";
import { ErrorState } from "../states/error-state";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useWide } from "../ui/use-media";
import { useOnScreen } from "../ui/use-on-screen";
import { AlertCards, AlertTable } from "./alert-rows";
import type { AlertPages } from "./pages";
import { type AlertViewActions, isAlertFiltered, NO_ALERT_FILTER } from "./view";

type AlertListResult = UseInfiniteQueryResult<AlertPages>;

interface AlertPanelProps {
  actions: AlertViewActions;
  list: AlertListResult;
  rows: readonly Alert[];
  fresh: ReadonlySet<string>;
}

/** The rows, or whatever there is to say in their place. */
export function AlertPanel(props: AlertPanelProps) {
  return (
    <section
      aria-label={t("List of alerts")}
      className="overflow-clip rounded-xl border border-line bg-surface"
    >
      <Content {...props} />
    </section>
  );
}

function Content({ actions, list, rows, fresh }: AlertPanelProps) {
  const { view, filterBy, open } = actions;
  const wide = useWide();
  const filtered = isAlertFiltered(view);
  const clear = () => filterBy(NO_ALERT_FILTER);

  if (list.error && !list.data) {
    return (
      <ErrorState
        error={list.error}
        onRetry={() => void list.refetch()}
        onClearFilters={filtered ? clear : undefined}
      />
    );
  }
  if (!list.data) return <SkeletonRows count={8} what="alerts" />;
  const Rows = wide ? AlertTable : AlertCards;
  return (
    <>
      {list.error && !list.isFetchNextPageError && (
        <p role="alert" className="border-b border-line bg-bad-soft px-4 py-2 text-xs text-bad">
          {rich("Not refreshed: {reason}", { reason: <SenderText text={list.error.message} lines /> })}
        </p>
      )}
      {rows.length === 0 ? (
        <NoAlerts onClear={filtered ? clear : null} />
      ) : (
        <Rows rows={rows} fresh={fresh} openId={view.alert} onOpen={open} />
      )}
      {rows.length > 0 && <More list={list} />}
    </>
  );
}

function NoAlerts({ onClear }: { onClear: (() => void) | null }) {
  const Icon = onClear ? BellRing : ShieldCheck;
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-hover text-muted">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">
        {onClear ? t("No alert matches these filters") : t("No rule has raised an alert")}
      </h2>
      <p className="max-w-sm">
        {onClear
          ? t("Alerts that match from now on appear here by themselves.")
          : rich(
              "Alerts appear here as they are raised. What is looked for is decided by the {rules}; a rule can be tried on the past.",
              {
                rules: (
                  <Link href={RULES_PATH} className="text-accent underline underline-offset-2">
                    {t("rules")}
                  </Link>
                ),
              },
            )}
      </p>
      {onClear && <Button onClick={onClear}>{t("Show all alerts")}</Button>}
    </div>
  );
}

/** The end of the list: reads the next page as soon as it comes into sight. */
function More({ list }: { list: AlertListResult }) {
  const [end, isOnScreen] = useOnScreen();
  const { hasNextPage, isFetching, isFetchNextPageError, error, fetchNextPage } = list;
  useEffect(() => {
    if (isOnScreen && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [isOnScreen, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  return (
    <div ref={end} className="flex min-h-10 items-center justify-center gap-3 px-4 text-2xs text-faint">
      {isFetchNextPageError && error ? (
        <span
          role="alert"
          className="flex flex-wrap items-center justify-center gap-3 py-1.5 text-xs text-bad"
        >
          <span>
            {rich("Earlier alerts could not be read: {reason}", {
              reason: <SenderText text={error.message} lines />,
            })}
          </span>
          <Button onClick={() => void fetchNextPage()}>{t("Try again")}</Button>
        </span>
      ) : hasNextPage ? (
        <span role="status">{t("Reading earlier alerts…")}</span>
      ) : (
        t("These are all.")
      )}
    </div>
  );
}
