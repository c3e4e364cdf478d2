import { Check, Copy, type LucideIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../texts/texts";
import { copyText } from "./copy-text";

const SIZES = { small: "size-6", square: "size-8" } as const;

interface CopyButtonProps {
  /** A function where the text is long and most never ask for it. */
  text: string | (() => string);
  label: string;
  /** Its sign, where there are several buttons for one thing. */
  icon?: LucideIcon;
  tabIndex?: number;
  size?: keyof typeof SIZES;
  /** Its place, and when it is seen. */
  className?: string;
}

export function CopyButton(props: CopyButtonProps) {
  const { text, label, icon = Copy, tabIndex, size = "small", className = "" } = props;
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : icon;
  return (
    <button
      type="button"
      aria-label={copied ? t("Copied") : label}
      title={copied ? t("Copied") : label}
      tabIndex={tabIndex}
      onClick={async () => setCopied(await copyText(typeof text === "string" ? text : text()))}
      className={`inline-flex shrink-0 items-center justify-center rounded text-faint transition-colors hover:bg-hover hover:text-ink ${SIZES[size]} ${className}`}
    >
      <Icon
        aria-hidden
        className={`${size === "square" ? "size-4.5" : "size-3.5"} ${copied ? "text-good" : ""}`}
      />
    </button>
  );
}
