import { lazy } from "react";
import { Route, Switch } from "wouter";
import type { Session } from "../api/types";
import {
  NETWORK_ROUTE,
  NETWORKS_PATH,
  PEOPLE_PATH,
  PERSON_ROUTE,
  RESOURCE_ROUTE,
  RESOURCES_PATH,
  rawBelow,
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
const ResourcesPage = lazy(() => import("../resources/resources-page"));
const NetworkPage = lazy(() => import("../networks/network-page"));

/** The pages about people, sessions, networks and resources. */
export default function SubjectRoutes({ session }: { session: Session }) {
  const key = window.location.pathname;
  return (
    <Switch>
      <Route path={PEOPLE_PATH}>
        <PeoplePage session={session} />
      </Route>
      <Route path={PERSON_ROUTE}>
        {() => <PersonPage key={key} session={session} id={rawBelow(PEOPLE_PATH)} />}
      </Route>
      <Route path={SESSIONS_PATH}>
        <SessionsPage session={session} />
      </Route>
      <Route path={SESSION_ROUTE}>
        {() => <SessionPage key={key} session={session} id={rawBelow(SESSIONS_PATH)} />}
      </Route>
      <Route path={NETWORKS_PATH}>
        <NetworksPage session={session} />
      </Route>
      <Route path={NETWORK_ROUTE}>
        {() => <NetworkPage key={key} session={session} id={rawBelow(NETWORKS_PATH)} />}
      </Route>
      <Route path={RESOURCES_PATH}>
        <ResourcesPage session={session} />
      </Route>
      <Route path={RESOURCE_ROUTE}>
        {({ type }) => (
          <ResourcePage
            key={key}
            session={session}
            type={type}
            id={rawBelow(RESOURCES_PATH).replace(/^[^/]*\//, "")}
          />
        )}
      </Route>
      <Route path="*">{({ "*": rest }) => <NotFound session={session} path={`/${rest}`} />}</Route>
    </Switch>
  );
}
