import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { Frame } from "../shell/frame";
import { REPORT_KEY } from "./use-report";

interface ReportPageProps {
  session: Session;
  title: string;
  /** What the report can be changed by. */
  bar: ReactNode;
  children: ReactNode;
}

/** What every report has around it. */
export function ReportPage({ session, title, bar, children }: ReportPageProps) {
  const queries = useQueryClient();
  return (
    <Frame
      session={session}
      title={title}
      bar={
        <>
          <span aria-hidden className="mr-1 text-sm font-semibold max-sm:w-full">
            {title}
          </span>
          {bar}
        </>
      }
      refreshing={useIsFetching({ queryKey: [REPORT_KEY] }) > 0}
      onRefresh={() => void queries.invalidateQueries({ queryKey: [REPORT_KEY] })}
    >
      {children}
    </Frame>
  );
}
