import type { CatalogueAction } from "../api/types";
import { literally } from "../filters/terms";
import { useCatalogue } from "../filters/use-catalogue";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { QueryTable } from "../table/query-table";
import { SenderText } from "../ui/sender-text";

const COLUMNS: readonly Column<CatalogueAction>[] = [
  {
    name: "action",
    header: "Action",
    className: "w-60",
    ascending: true,
    cell: ({ key, title }) => (
      <LogLink filter={{ action_filter: literally(key) }}>
        <SenderText text={title} />
        <span className="pl-2 font-mono text-2xs text-faint">{key}</span>
      </LogLink>
    ),
    sortBy: ({ title }) => title,
  },
  {
    name: "category",
    header: "Category",
    className: "w-36",
    ascending: true,
    cell: ({ category }) => <span className="text-muted">{category}</span>,
    sortBy: ({ category }) => category,
  },
  {
    name: "severity",
    header: "Severity",
    className: "w-28",
    ascending: true,
    cell: ({ severity }) => (
      <span className={severity === "critical" || severity === "warning" ? "text-warn" : "text-muted"}>
        {severity}
      </span>
    ),
    sortBy: ({ severity }) => severity,
  },
  {
    name: "sentence",
    header: "Sentence",
    className: "hidden @4xl:table-cell",
    wideOnly: true,
    cell: ({ sentence }) => (
      <span className="block truncate text-xs text-muted">
        <SenderText text={sentence} />
      </span>
    ),
  },
];

/** The actions that have a name, those of the deployment's own file included. */
export function CatalogueTable() {
  const catalogue = useCatalogue();
  return (
    <section aria-label="Action catalogue" className="py-3">
      <h2 className="px-3 pb-1.5 text-xs font-medium text-faint">Action catalogue</h2>
      <QueryTable
        label="Action catalogue"
        columns={COLUMNS}
        query={{ ...catalogue, data: catalogue.data?.actions }}
        keyOf={({ key }) => key}
        nothing="No action has a name."
        sortedBy="category"
      />
    </section>
  );
}
