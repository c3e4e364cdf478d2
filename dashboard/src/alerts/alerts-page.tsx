import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { returnTo, rowButton } from "../activity/row-list";
import { useRowKeys } from "../activity/use-row-keys";
import { ApiError } from "../api/client";
import type { Session } from "../api/types";
import { UnreadNotice } from "../filters/unread-notice";
import { LiveBadge } from "../live/live-badge";
import { NewPill } from "../live/new-pill";
import { useReaderBusy } from "../live/use-reader-busy";
import { ALERTS_PATH } from "../paths";
import { Shell } from "../shell/shell";
import { usePageTitle } from "../shell/use-page-title";
import { ErrorBoundary } from "../states/error-boundary";
import Forbidden from "../states/forbidden";
import { t } from "../texts/texts";
import { ZoneSwitch } from "../times/zone-switch";
import { AlertDrawer } from "./alert-drawer";
import { AlertFilters, AlertParts } from "./alert-head";
import { AlertPanel } from "./alert-panel";
import { arrivalsOf } from "./arrivals";
import { ChannelNotice } from "./channel-notice";
import { useAlertList, useAlertRows } from "./use-alert-list";
import { useAlertStream } from "./use-alert-stream";
import { alertParsers, useAlertView } from "./view";

/** What the rules have raised, and what was decided about it. */
export default function AlertsPage({ session }: { session: Session }) {
  usePageTitle(t("Alerts"));
  const actions = useAlertView();
  const { view, open } = actions;
  const list = useAlertList(view);
  const reader = useReaderBusy();
  const { rows, fresh, pending, release, onAlert } = useAlertRows(
    view,
    list.data,
    reader.busy || view.alert !== null,
  );
  const status = useAlertStream(onAlert);
  const queries = useQueryClient();

  const close = useCallback(() => {
    if (view.alert === null) return;
    const row = rowButton(view.alert);
    open(null);
    returnTo(row);
  }, [open, view.alert]);
  const moveTo = useCallback((id: string) => open(id, true), [open]);
  useRowKeys({ rows, openId: view.alert, onMove: moveTo, onClose: view.alert === null ? null : close });

  const showNew = () => {
    release();
    window.scrollTo({ top: 0 });
  };
  const forbidden = list.error instanceof ApiError && list.error.status === 403 && view.tenant_id === null;
  if (forbidden) return <Forbidden />;
  return (
    <>
      <Shell
        session={session}
        title={t("alerts")}
        bar={
          <ErrorBoundary what={t("The filters")} drawn={view}>
            <AlertParts current={ALERTS_PATH}>
              <AlertFilters {...actions} />
            </AlertParts>
            <UnreadNotice parsers={alertParsers} />
          </ErrorBoundary>
        }
        badge={<LiveBadge status={status} />}
        controls={<ZoneSwitch />}
        aside={view.alert === null ? null : "narrow"}
        refreshing={list.isFetching}
        onRefresh={arrivalsOf(queries).reload}
      >
        <ErrorBoundary what={t("The state of the channels")}>
          <ChannelNotice />
        </ErrorBoundary>
        <div>
          <NewPill count={pending.length} failed={0} aside={view.alert !== null} onClick={showNew} />
          <div {...reader.rows}>
            <ErrorBoundary what={t("The list")} drawn={rows}>
              <AlertPanel actions={actions} list={list} rows={rows} fresh={fresh} />
            </ErrorBoundary>
          </div>
        </div>
      </Shell>
      {view.alert !== null && (
        <ErrorBoundary what={t("The alert")} place="corner" drawn={view.alert}>
          <AlertDrawer
            id={view.alert}
            rows={rows}
            canDecide={session.role === "admin"}
            onMove={moveTo}
            onClose={close}
          />
        </ErrorBoundary>
      )}
    </>
  );
}
