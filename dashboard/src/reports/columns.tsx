/** Columns that several reports have. */
import { userName, userSubtitle } from "../activity/user-name";
import { secondsOf } from "../alerts/times";
import type { Column } from "../table/columns";
import { CountBar } from "../table/count-bar";
import { LogLink } from "../table/log-link";
import { t } from "../texts/texts";
import { Moment } from "../times/moment";
import { formatNumber } from "../ui/format";
import { Named } from "./named";

interface OfUser {
  user_id: string | null;
  user_email: string | null;
  user_display_name: string | null;
}

/** Who it is about. */
export const userColumn = <Row extends OfUser>(
  filterOf: (row: Row) => Record<string, string>,
): Column<Row> => ({
  name: "user",
  header: t("User"),
  ascending: true,
  cell: (row) => {
    const user = { ...row, user_id: row.user_id ?? "" };
    return (
      <LogLink filter={filterOf(row)}>
        <Named name={userName(user)} subtitle={userSubtitle(user)} />
      </LogLink>
    );
  },
  sortBy: (row) => userName({ ...row, user_id: row.user_id ?? "" }),
});

export const attemptsColumn = <Row extends { attempts: number }>(rows: readonly Row[]): Column<Row> => {
  const most = Math.max(1, ...rows.map(({ attempts }) => attempts));
  return {
    name: "attempts",
    header: t("Attempts"),
    className: "w-32",
    cell: ({ attempts }) => <CountBar count={attempts} failed={attempts} most={most} />,
    sortBy: ({ attempts }) => attempts,
  };
};

interface NumberColumn<Row> {
  name: string;
  header: string;
  className: string;
  value: (row: Row) => number | null;
  text?: (value: number) => string;
  tone?: (value: number) => string;
}

/** A number; a dash where there is none. */
export const numberColumn = <Row,>(column: NumberColumn<Row>): Column<Row> => {
  const { value, text = formatNumber, tone = () => "", ...rest } = column;
  return {
    ...rest,
    alignRight: true,
    cell: (row) => {
      const number = value(row);
      return number === null ? "–" : <span className={`tabular ${tone(number)}`}>{text(number)}</span>;
    },
    sortBy: value,
  };
};

interface Stretch {
  first_at: string;
  last_at: string;
}

/** When the first of a row happened. */
export const firstColumn = <Row extends Stretch>(className: string): Column<Row> => ({
  name: "first",
  header: t("First"),
  className,
  wideOnly: true,
  alignRight: true,
  cell: ({ first_at }) => <Moment seconds={secondsOf(first_at)} className="text-muted" />,
  sortBy: ({ first_at }) => secondsOf(first_at),
});

export const lastColumn = <Row extends Stretch>(): Column<Row> => ({
  name: "last",
  header: t("Last"),
  className: "w-32",
  alignRight: true,
  cell: ({ last_at }) => <Moment seconds={secondsOf(last_at)} className="text-muted" />,
  sortBy: ({ last_at }) => secondsOf(last_at),
});
