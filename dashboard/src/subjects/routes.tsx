import { lazy } from "react";
import { Route, Switch } from "wouter";
import type { Session } from "../api/types";
import {
  NETWORK_ROUTE,
  NETWORKS_PATH,
  PEOPLE_PATH,
  PERSON_ROUTE,
  RESOURCE_ROUTE,
  SESSION_ROUTE,
  SESSIONS_PATH,
} from "../paths";
import NotFound from "../states/not-found";
import ResourcePage from "./resource-page";

const PeoplePage = lazy(() => import("../people/people-page"));
const PersonPage = lazy(() => import("../people/person-page"));
const SessionsPage = lazy(() => import("../sessions/sessions-page"));
const SessionPage = lazy(() => import("../sessions/session-page"));
const NetworksPage = lazy(() => import("../networks/networks-page"));
const NetworkPage = lazy(() => import("../networks/network-page"));

/** The pages about people, sessions, networks and resources. */
export default function SubjectRoutes({ session }: { session: Session }) {
  return (
    <Switch>
      <Route path={PEOPLE_PATH}>
        <PeoplePage session={session} />
      </Route>
      <Route path={PERSON_ROUTE}>{({ id }) => <PersonPage key={id} session={session} id={id} />}</Route>
      <Route path={SESSIONS_PATH}>
        <SessionsPage session={session} />
      </Route>
      <Route path={SESSION_ROUTE}>{({ id }) => <SessionPage key={id} session={session} id={id} />}</Route>
      <Route path={NETWORKS_PATH}>
        <NetworksPage session={session} />
      </Route>
      <Route path={NETWORK_ROUTE}>
        {({ "*": id }) => <NetworkPage key={id} session={session} id={id ?? ""} />}
      </Route>
      <Route path={RESOURCE_ROUTE}>
        {({ type, "*": id }) => (
          <ResourcePage key={`${type}/${id}`} session={session} type={type} id={id ?? ""} />
        )}
      </Route>
      <Route path="*">{({ "*": rest }) => <NotFound session={session} path={`/${rest}`} />}</Route>
    </Switch>
  );
}
