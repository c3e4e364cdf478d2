import { useEffect, useRef, useState } from "react";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import type { BadgeStatus } from "./badge-state";
import { isUpdated } from "./server-update";

/** Says that the server was updated, once the stream is live again and the server has another page. */
export function UpdateLine({ status }: { status: BadgeStatus }) {
  const [updated, setUpdated] = useState(false);
  const wasLost = useRef(false);
  useEffect(() => {
    if (status === "reconnecting" || status === "offline") wasLost.current = true;
    if (status !== "live" || !wasLost.current) return;
    wasLost.current = false;
    let isOpen = true;
    void isUpdated().then((is) => isOpen && setUpdated(is));
    return () => {
      isOpen = false;
    };
  }, [status]);
  if (!updated) return null;
  return (
    <span className="flex items-center gap-2 text-xs text-muted">
      <span className="max-lg:hidden">{t("The server was updated.")}</span>
      <Button onClick={() => window.location.reload()}>{t("Reload")}</Button>
    </span>
  );
}
