import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { enableHistorySync, NuqsAdapter } from "nuqs/adapters/react";
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { ActivityPage } from "./activity/activity-page";
import { ApiError } from "./api/client";
import {
  ACTIVITY_PATHS,
  ADMIN_PATH,
  ALERTS_PATH,
  HEALTH_PATH,
  KEYS_PATH,
  LOG_PATH,
  REPORT_PATHS,
  RULES_PATH,
  SETTINGS_PATH,
  SIGN_INS_PATH,
  SUBJECT_PATHS,
} from "./paths";
import { SessionGate } from "./session/session-gate";
import { SESSION_KEY } from "./session/use-session";
import { ErrorBoundary } from "./states/error-boundary";
import { Opening } from "./states/opening";
import { t } from "./texts/texts";
import { DefaultView } from "./views/default-view";

const AlertsPage = lazy(() => import("./alerts/alerts-page"));
const HealthPage = lazy(() => import("./health/health-page"));
const KeysPage = lazy(() => import("./keys/keys-page"));
const NotFound = lazy(() => import("./states/not-found"));
const ReportRoutes = lazy(() => import("./reports/routes"));
const RulesPage = lazy(() => import("./alerts/rules/rules-page"));
const SettingsPage = lazy(() => import("./settings/settings-page"));
const SignInsPage = lazy(() => import("./sign-ins/sign-ins-page"));
const SubjectRoutes = lazy(() => import("./subjects/routes"));

// A link within a page changes the address by itself, and the view has to follow.
enableHistorySync();

export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) queries.setQueryData(SESSION_KEY, null);
      },
    }),
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false } },
  });
  return queries;
}

export function App({ queries }: { queries: QueryClient }) {
  return (
    <QueryClientProvider client={queries}>
      <NuqsAdapter>
        <ErrorBoundary what={t("This page")} place="page">
          <Suspense fallback={<Opening label={t("Opening the page…")} />}>
            <SessionGate>
              {(session) => (
                <DefaultView session={session}>
                  <Switch>
                    {ACTIVITY_PATHS.map((path) => (
                      <Route key={path} path={path}>
                        <ActivityPage session={session} />
                      </Route>
                    ))}
                    <Route path={ALERTS_PATH}>
                      <AlertsPage session={session} />
                    </Route>
                    <Route path={RULES_PATH}>
                      <RulesPage session={session} />
                    </Route>
                    <Route path={HEALTH_PATH}>
                      <HealthPage session={session} />
                    </Route>
                    <Route path={KEYS_PATH}>
                      <KeysPage session={session} />
                    </Route>
                    <Route path={SIGN_INS_PATH}>
                      <SignInsPage session={session} />
                    </Route>
                    <Route path={SETTINGS_PATH}>
                      <SettingsPage session={session} />
                    </Route>
                    <Route path={REPORT_PATHS}>
                      <ReportRoutes session={session} />
                    </Route>
                    <Route path={SUBJECT_PATHS}>
                      <SubjectRoutes session={session} />
                    </Route>
                    <Route path={ADMIN_PATH}>
                      <Redirect to={`${LOG_PATH}${window.location.search}`} replace />
                    </Route>
                    <Route path="*">
                      {({ "*": rest }) => <NotFound session={session} path={`/${rest}`} />}
                    </Route>
                  </Switch>
                </DefaultView>
              )}
            </SessionGate>
          </Suspense>
        </ErrorBoundary>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
