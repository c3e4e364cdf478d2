import { Link } from "wouter";
import type { Session } from "../api/types";
import { LOG_PATH } from "../paths";
import { Shell } from "../shell/shell";
import { usePageTitle } from "../shell/use-page-title";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";

/** An address at which no page is, such as that of a link that was cut. The way goes on from here. */
export default function NotFound({ session, path }: { session: Session; path: string }) {
  usePageTitle(t("Not found"));
  return (
    <Shell session={session} title={t("page not found")} bar={null} badge={null}>
      <div className="flex flex-col items-center gap-3 px-6 py-24 text-center text-muted">
        <h2 className="text-base font-semibold text-ink">{t("There is no page at this address")}</h2>
        <p className="max-w-full font-mono text-xs break-all">
          <SenderText text={path.slice(0, 200)} />
        </p>
        <p>
          {t("The link may have been cut.")}{" "}
          <Link href={LOG_PATH} className="text-accent underline underline-offset-2">
            {t("Go to the activity log")}
          </Link>
        </p>
      </div>
    </Shell>
  );
}
