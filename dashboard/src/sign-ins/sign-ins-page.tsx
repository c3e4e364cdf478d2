import { useQueryState } from "nuqs";
import { useState } from "react";
import type { Session, SignedIn } from "../api/types";
import { parseAsPage } from "../filters/parsers";
import { Frame } from "../shell/frame";
import { isRefused, NotForRole } from "../states/not-for-role";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { EndSession } from "./end-session";
import { signInColumns } from "./sign-in-columns";
import { useSignedIn } from "./use-sign-ins";

const pageParser = parseAsPage.withDefault(1).withOptions({ history: "push" });

/** Who is signed in to this dashboard. */
export default function SignInsPage({ session }: { session: Session }) {
  const [page, turnTo] = useQueryState("page", pageParser);
  const signedIn = useSignedIn(page);
  const [ended, end] = useState<SignedIn | null>(null);
  const { data, error, isFetching, isPlaceholderData, refetch } = signedIn;
  return (
    <Frame
      session={session}
      title={t("Signed in")}
      refreshing={isFetching}
      onRefresh={() => void refetch()}
      bar={
        data && <span className="text-xs text-muted">{t("{count} signed in", { count: data.total })}</span>
      }
    >
      {isRefused(error) ? (
        <div className="px-3 py-10 text-center">
          <NotForRole />
        </div>
      ) : (
        <QueryTable
          label={t("Signed in")}
          columns={signInColumns(session.role === "admin" ? end : null)}
          query={{ data: data?.sessions, error, isPlaceholderData, refetch }}
          keyOf={({ id }) => id}
          nothing={t("Nobody is signed in on this page of the list.")}
        />
      )}
      {data && data.total_pages > 1 && (
        <div className="flex items-center justify-center gap-3 py-3">
          <Button disabled={page <= 1} onClick={() => void turnTo(page - 1)}>
            {t("Seen later")}
          </Button>
          <span className="tabular text-xs text-muted">
            {t("{part} of {whole}", { part: page, whole: data.total_pages })}
          </span>
          <Button disabled={page >= data.total_pages} onClick={() => void turnTo(page + 1)}>
            {t("Seen earlier")}
          </Button>
        </div>
      )}
      {ended && <EndSession signedIn={ended} onClose={() => end(null)} />}
    </Frame>
  );
}
