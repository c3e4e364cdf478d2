import { lazy, type ReactNode, useEffect, useState } from "react";
import { ApiError } from "../api/client";
import type { Session } from "../api/types";
import { ErrorState } from "../states/error-state";
import { Opening } from "../states/opening";
import { t } from "../texts/texts";
import { takeTokenFromFragment } from "./token";
import { useSession, useSignIn } from "./use-session";

const Forbidden = lazy(() => import("../states/forbidden"));
const SignedOut = lazy(() => import("./signed-out"));

/** Shows its children to a signed-in user; signs in first when the address carries a token. */
export function SessionGate({ children }: { children: (session: Session) => ReactNode }) {
  const [token, setToken] = useState(takeTokenFromFragment);
  const signIn = useSignIn();
  const session = useSession(token === null);

  const { mutate } = signIn;
  useEffect(() => {
    if (token !== null) mutate(token, { onSettled: () => setToken(null) });
  }, [token, mutate]);

  useEffect(() => {
    const onHashChange = () => {
      const next = takeTokenFromFragment();
      if (next !== null) setToken(next);
    };
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, []);

  if (token !== null || signIn.isPending) return <Opening label={t("Signing you in…")} />;
  if (session.data) return children(session.data);
  if (isForbidden(signIn.error) || isForbidden(session.error)) return <Forbidden />;
  if (session.isPending) return <Opening label={t("Opening the log…")} />;
  if (session.error) return <ErrorState error={session.error} onRetry={() => void session.refetch()} page />;
  return <SignedOut error={signIn.error} onToken={setToken} />;
}

const isForbidden = (error: unknown) => error instanceof ApiError && error.status === 403;
