import type { FailedSignIns, Session } from "../api/types";
import { QueryTable } from "../table/query-table";
import { type Text, t } from "../texts/texts";
import { FailuresTotal } from "./failures-total";
import { ReportChart } from "./report-chart";
import { ReportPage } from "./report-page";
import { ReportSection } from "./report-section";
import { type By, failedSignInColumns } from "./sign-in-columns";
import { failuresOf, SIGN_INS } from "./sign-ins";
import { useReport } from "./use-report";
import { type ReportWindow, useWindow, WindowChoice } from "./window";

const TITLES: Record<By, { title: Text; label: Text; hint: Text; first: string }> = {
  network: {
    title: "By network",
    label: "Failed sign-ins by network",
    hint: "Many users with few attempts each are a sign of password spraying.",
    first: "users",
  },
  user: {
    title: "By user",
    label: "Failed sign-ins by user",
    hint: "Whose sign-ins failed, and from how many networks.",
    first: "attempts",
  },
  pair: {
    title: "By user and network",
    label: "Failed sign-ins by user and network",
    hint: "Who was tried from where.",
    first: "attempts",
  },
};

/** Who failed to sign in, and from where. Every attempt counts, so that one try at each of many users is seen. */
export default function FailedSignInsPage({ session }: { session: Session }) {
  const [window, setWindow] = useWindow("24h");
  return (
    <ReportPage
      session={session}
      title={t("Sign-in failures")}
      bar={<WindowChoice window={window} onChange={setWindow} />}
    >
      <FailuresTotal window={window} />
      <ReportChart title={t("Sign-ins over time")} filter={SIGN_INS} window={window} />
      <div className="grid grid-cols-1 border-b border-line @6xl:grid-cols-2 @6xl:*:first:border-r">
        <Part by="network" window={window} />
        <Part by="user" window={window} />
      </div>
      <Part by="pair" window={window} />
    </ReportPage>
  );
}

/** So many rows that those of the pairs below are on the same screen. The others are one click away. */
const BESIDE_ROWS = 10;

interface PartProps {
  by: By;
  window: ReportWindow;
}

function Part({ by, window }: PartProps) {
  const { rows, dates, isComplete, file } = useReport("failed_sign_ins", { window, query: { by } });
  const { title, label, hint, first } = TITLES[by];
  return (
    <ReportSection
      title={t(title)}
      hint={t(hint)}
      file={file}
      all={by === "pair" ? failuresOf({ dates }) : null}
      isComplete={isComplete}
    >
      <QueryTable
        label={t(label)}
        columns={failedSignInColumns(by, rows.data ?? [], dates)}
        query={rows}
        keyOf={keyOf}
        nothing={t("No sign-in failed.")}
        sortedBy={first}
        parameter={`sort_${by}`}
        {...(by !== "pair" && { firstRows: BESIDE_ROWS })}
      />
    </ReportSection>
  );
}

const keyOf = ({ user_id, tenant_id, network }: FailedSignIns): string =>
  JSON.stringify([user_id, tenant_id, network]);
