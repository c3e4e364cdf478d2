import { ChevronDown, ChevronUp, Link2, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Text, t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { copyText } from "../ui/copy-text";

const TURNS = {
  activity: { previous: "Previous activity (k)", next: "Next activity (j)" },
  alert: { previous: "Previous alert (k)", next: "Next alert (j)" },
  rule: { previous: "Previous rule (k)", next: "Next rule (j)" },
} as const satisfies Record<string, { previous: Text; next: Text }>;

interface DrawerHeadProps {
  /** What a row stands for. */
  what: keyof typeof TURNS;
  id: string;
  rows: readonly { id: string }[];
  onMove: (id: string) => void;
  onClose: () => void;
  children?: ReactNode;
}

/** The buttons over what is open beside a list: along its rows, a link to it, and out. */
export function DrawerHead({ what, id, rows, onMove, onClose, children }: DrawerHeadProps) {
  const index = rows.findIndex((row) => row.id === id);
  const move = (to: number) => {
    const row = rows[to];
    if (row) onMove(row.id);
  };
  return (
    <>
      <IconButton label={t(TURNS[what].previous)} disabled={index <= 0} onClick={() => move(index - 1)}>
        <ChevronUp aria-hidden className="size-4.5" />
      </IconButton>
      <IconButton
        label={t(TURNS[what].next)}
        disabled={index < 0 || index >= rows.length - 1}
        onClick={() => move(index + 1)}
      >
        <ChevronDown aria-hidden className="size-4.5" />
      </IconButton>
      <span className="ml-auto" />
      {children}
      <CopyLink />
      <IconButton label={t("Close (Esc)")} onClick={onClose}>
        <X aria-hidden className="size-4.5" />
      </IconButton>
    </>
  );
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? t("Link copied") : t("Copy link")}
      onClick={async () => setCopied(await copyText(window.location.href))}
      onBlur={() => setCopied(false)}
    >
      <Link2 aria-hidden className={`size-4.5 ${copied ? "text-good" : ""}`} />
    </IconButton>
  );
}
