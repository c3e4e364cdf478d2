import { Columns3 } from "lucide-react";
import { lazy, Suspense } from "react";
import { t } from "../texts/texts";
import { Popover } from "../ui/popover";

const TablePanel = lazy(() => import("./table-panel"));

/** At the head of the table: which columns it has, how high its rows are, and whether runs are folded. */
export function TableMenu() {
  return (
    <span className="ml-auto font-normal">
      <Popover
        look="icon"
        align="right"
        name={t("Table")}
        label={
          <>
            <Columns3 aria-hidden className="size-3.5" />
            <span className="sr-only">{t("Columns and rows")}</span>
          </>
        }
      >
        {() => (
          <Suspense>
            <TablePanel />
          </Suspense>
        )}
      </Popover>
    </span>
  );
}
