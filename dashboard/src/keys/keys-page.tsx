import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { KeyInfo, Session } from "../api/types";
import { Frame } from "../shell/frame";
import { isRefused, NotForRole } from "../states/not-for-role";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { nowSeconds } from "../ui/clock";
import { keyColumns } from "./key-columns";
import { MakeKey } from "./make-key";
import { RevokeKey } from "./revoke-key";
import { useKeys } from "./use-keys";

/** The API keys: who may write and read this log from outside. */
export default function KeysPage({ session }: { session: Session }) {
  const keys = useKeys();
  const [isMaking, setMaking] = useState(false);
  const [revoked, revoke] = useState<KeyInfo | null>(null);
  const canChange = session.role === "admin";
  return (
    <Frame
      session={session}
      title={t("Keys")}
      refreshing={keys.isFetching}
      onRefresh={() => void keys.refetch()}
      bar={
        canChange && (
          <Button look="primary" onClick={() => setMaking(true)}>
            <KeyRound aria-hidden className="size-3.5" />
            {t("New key")}
          </Button>
        )
      }
    >
      {isRefused(keys.error) ? (
        <div className="px-3 py-10 text-center">
          <NotForRole />
        </div>
      ) : (
        <QueryTable
          label={t("API keys")}
          columns={keyColumns(nowSeconds(), canChange ? revoke : null)}
          query={{ ...keys, data: keys.data?.keys }}
          keyOf={({ id }) => id}
          nothing={t("There are no API keys.")}
          sortedBy="created"
        />
      )}
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
      {revoked && <RevokeKey info={revoked} onClose={() => revoke(null)} />}
    </Frame>
  );
}
