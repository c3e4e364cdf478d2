import { lazy } from "react";
import { Redirect, Route, Switch } from "wouter";
import type { Session } from "../api/types";
import { REPORTS_PATH, reportAddress } from "../paths";
import NotFound from "../states/not-found";

const FailedSignInsPage = lazy(() => import("./failed-sign-ins"));
const RepeatedFailuresPage = lazy(() => import("./repeated-failures"));
const AdminAuditPage = lazy(() => import("./admin-audit"));
const EndpointsPage = lazy(() => import("./endpoints"));
const OneUserPage = lazy(() => import("./one-user"));

/** The pages of the reports: questions that are asked again and again, answered over the whole log. */
export default function ReportRoutes({ session }: { session: Session }) {
  return (
    <Switch>
      <Route path={REPORTS_PATH}>
        <Redirect to={reportAddress("failed_sign_ins")} replace />
      </Route>
      <Route path={reportAddress("failed_sign_ins")}>
        <FailedSignInsPage session={session} />
      </Route>
      <Route path={reportAddress("failed_logins")}>
        <RepeatedFailuresPage session={session} />
      </Route>
      <Route path={reportAddress("admin_audit")}>
        <AdminAuditPage session={session} />
      </Route>
      <Route path={reportAddress("endpoint_performance")}>
        <EndpointsPage session={session} />
      </Route>
      <Route path={reportAddress("recent_activity")}>
        <OneUserPage session={session} />
      </Route>
      <Route path="*">{({ "*": rest }) => <NotFound session={session} path={`/${rest}`} />}</Route>
    </Switch>
  );
}
