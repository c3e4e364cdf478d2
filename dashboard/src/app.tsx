import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react";
import { Redirect, Route, Switch } from "wouter";
import { ActivityPage } from "./activity/activity-page";
import { ApiError } from "./api/client";
import { SessionGate } from "./session/session-gate";
import { SESSION_KEY } from "./session/use-session";
import { ErrorBoundary } from "./states/error-boundary";

const ACTIVITY_PATHS = ["/", "/admin/activity", "/admin-session-logs"];

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
        <ErrorBoundary what="This page" place="page">
          <SessionGate>
            {(session) => (
              <Switch>
                {ACTIVITY_PATHS.map((path) => (
                  <Route key={path} path={path}>
                    <ActivityPage session={session} />
                  </Route>
                ))}
                <Route>
                  <Redirect to="/admin/activity" replace />
                </Route>
              </Switch>
            )}
          </SessionGate>
        </ErrorBoundary>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
