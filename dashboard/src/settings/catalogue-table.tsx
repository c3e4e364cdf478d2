import { severityText } from "../activity/severity-text";
import type { CatalogueAction } from "../api/types";
import { literally } from "../filters/terms";
import { useCatalogue } from "../filters/use-catalogue";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { QueryTable } from "../table/query-table";
import { templateOf, titleOf } from "../texts/actions";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";

const titleIn = ({ key, title }: CatalogueAction): string => titleOf("action_filter", key, title) ?? title;
const categoryIn = ({ category }: CatalogueAction): string => titleOf("category", category) ?? category;

const columns = (): readonly Column<CatalogueAction>[] => [
  {
    name: "action",
    header: t("Action"),
    className: "w-108",
    ascending: true,
    cell: (action) => (
      <LogLink filter={{ action_filter: literally(action.key) }}>
        <SenderText text={titleIn(action)} />
        <span className="pl-2 font-mono text-2xs text-faint">{action.key}</span>
      </LogLink>
    ),
    sortBy: (action) => titleIn(action),
  },
  {
    name: "category",
    header: t("Category"),
    className: "w-56",
    ascending: true,
    cell: (action) => <span className="text-muted">{categoryIn(action)}</span>,
    sortBy: (action) => categoryIn(action),
  },
  {
    name: "severity",
    header: t("Severity"),
    className: "w-28",
    ascending: true,
    cell: ({ severity }) => (
      <span className={severity === "critical" || severity === "warning" ? "text-warn" : "text-muted"}>
        {severityText(severity)}
      </span>
    ),
    sortBy: ({ severity }) => severity,
  },
  {
    name: "sentence",
    header: t("Sentence"),
    className: "hidden @4xl:table-cell",
    wideOnly: true,
    cell: ({ sentence }) => (
      <span className="block truncate text-xs text-muted">
        <SenderText text={templateOf(sentence) ?? sentence} />
      </span>
    ),
  },
];

/** The actions that have a name, those of the deployment's own file included. */
export function CatalogueTable() {
  const catalogue = useCatalogue();
  return (
    <section aria-label={t("Action catalogue")} className="py-3">
      <h2 className="px-3 pb-1.5 text-xs font-medium text-faint">{t("Action catalogue")}</h2>
      <QueryTable
        label={t("Action catalogue")}
        columns={columns()}
        query={{ ...catalogue, data: catalogue.data?.actions }}
        keyOf={({ key }) => key}
        nothing={t("No action has a name.")}
        sortedBy="category"
      />
    </section>
  );
}
