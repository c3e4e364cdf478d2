import { SearchX } from "lucide-react";
import { Link } from "wouter";
import { logAddress } from "../paths";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";

interface NotInLogProps {
  id: string;
  titleId: string;
  onClose: () => void;
}

/** The address names an activity that this reader's log does not have. */
export function NotInLog({ id, titleId, onClose }: NotInLogProps) {
  return (
    <div role="alert" className="flex flex-col items-start gap-3 px-5 py-10 text-sm text-muted">
      <SearchX aria-hidden className="size-5 text-faint" />
      <h2 id={titleId} className="text-base font-semibold text-ink">
        {t("This activity is not in the log")}
      </h2>
      <p>
        {rich(
          "There is no activity {id}. The retention may have deleted it, or it belongs to a tenant that you cannot read.",
          {
            id: (
              <code className="font-mono text-xs break-all text-ink">
                <SenderText text={id} />
              </code>
            ),
          },
        )}
      </p>
      <p>
        {t("An older copy may be in a backup or an export. Whoever sent you the link may know the time.")}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onClose}>{t("Close")}</Button>
        <Link
          href={logAddress("")}
          className="inline-flex h-8 items-center rounded-md px-2.5 text-xs font-medium text-accent hover:underline"
        >
          {t("Show the newest activities")}
        </Link>
      </div>
    </div>
  );
}
