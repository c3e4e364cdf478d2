import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { getServerInfo } from "../api/calls";
import { t } from "../texts/texts";

/** A link to the issuer, where the server has one. It returns to the page that it was on. */
export function SingleSignOn() {
  const info = useQuery({
    queryKey: ["server-info"],
    queryFn: ({ signal }) => getServerInfo(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!info.data?.single_sign_on) return null;
  const { pathname, search } = window.location;
  const returnTo = new URLSearchParams({ return_to: pathname + search });
  return (
    <a
      href={`/api/session/oidc?${returnTo}`}
      className="inline-flex h-9 w-full items-center justify-center gap-1.5 rounded-md bg-accent-solid px-2.5 text-xs font-medium text-white hover:brightness-110"
    >
      <ShieldCheck aria-hidden className="size-3.5" />
      {t("Sign in with single sign-on")}
    </a>
  );
}
