import type { FailedLogin, Session } from "../api/types";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { QueryTable } from "../table/query-table";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { attemptsColumn, firstColumn, lastColumn, userColumn } from "./columns";
import { ReportChart } from "./report-chart";
import { ReportPage } from "./report-page";
import { ReportSection } from "./report-section";
import { failuresOf, SIGN_INS } from "./sign-ins";
import { useReport } from "./use-report";
import { type Dates, useWindow, WindowChoice } from "./window";

/** Who failed to sign in three times or more from one address. */
export default function RepeatedFailuresPage({ session }: { session: Session }) {
  const [window, setWindow] = useWindow("24h");
  const { rows, dates, isComplete, file } = useReport("failed_logins", { window });
  return (
    <ReportPage
      session={session}
      title={t("Repeated failures")}
      bar={<WindowChoice window={window} onChange={setWindow} />}
    >
      <ReportChart title={t("Sign-ins over time")} filter={SIGN_INS} window={window} />
      <ReportSection
        title={t("Three attempts or more")}
        hint={t("Failed sign-ins of one user from one address.")}
        file={file}
        isComplete={isComplete}
      >
        <QueryTable
          label={t("Repeated failures")}
          columns={columnsOf(rows.data ?? [], dates)}
          query={rows}
          keyOf={({ user_id, tenant_id, ip_address }) => JSON.stringify([user_id, tenant_id, ip_address])}
          nothing={t("Nobody failed to sign in three times or more.")}
          sortedBy="attempts"
        />
      </ReportSection>
    </ReportPage>
  );
}

const columnsOf = (rows: readonly FailedLogin[], dates: Dates): readonly Column<FailedLogin>[] => [
  userColumn(({ user_id, tenant_id }) => failuresOf({ user: user_id, tenant: tenant_id, dates })),
  {
    name: "address",
    header: t("Address"),
    className: "w-44",
    ascending: true,
    cell: ({ user_id, tenant_id, ip_address }) =>
      ip_address === null ? (
        <span className="text-faint">{t("No address")}</span>
      ) : (
        <LogLink filter={failuresOf({ user: user_id, tenant: tenant_id, from: ip_address, dates })} mono>
          <SenderText text={ip_address} />
        </LogLink>
      ),
    sortBy: ({ ip_address }) => ip_address,
  },
  attemptsColumn(rows),
  firstColumn("w-32"),
  lastColumn(),
];
