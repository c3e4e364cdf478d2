import { Download, ListFilter } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { logAddress } from "../paths";
import { t } from "../texts/texts";

interface ReportSectionProps {
  title: string;
  /** What the rows are, as a sentence. */
  hint: ReactNode;
  /** Where the rows are as a file. */
  file: string;
  /** The activities that all rows stand for, in the log. */
  all?: Record<string, string> | null;
  isComplete: boolean;
  children: ReactNode;
}

/** The rows of a report, with their file and their activities. */
export function ReportSection({ title, hint, file, all, isComplete, children }: ReportSectionProps) {
  return (
    <section aria-label={title} className="min-w-0 border-line">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <h2 className="font-medium">{title}</h2>
        <p className="min-w-0 flex-1 basis-40 text-xs max-sm:basis-full text-muted">{hint}</p>
        <span className="ml-auto flex gap-1">
          {all && (
            <Link href={logAddress(new URLSearchParams(all))} className={TOOL}>
              <ListFilter aria-hidden className="size-3.5" />
              {t("All in the log")}
            </Link>
          )}
          <a href={file} download className={TOOL}>
            <Download aria-hidden className="size-3.5" />
            CSV
          </a>
        </span>
      </header>
      {children}
      {!isComplete && (
        <p className="px-3 py-3 text-xs text-faint">
          {t("There are more. Choose a shorter window, or use the log.")}
        </p>
      )}
    </section>
  );
}

const TOOL =
  "inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-muted hover:bg-hover hover:text-ink";
