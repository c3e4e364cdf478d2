import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "./copy-text";

const SIZES = { small: "size-6", square: "size-8" } as const;

interface CopyButtonProps {
  text: string;
  label: string;
  size?: keyof typeof SIZES;
  /** Its place, and when it is seen. */
  className?: string;
}

export function CopyButton({ text, label, size = "small", className = "" }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? "Copied" : label}
      title={copied ? "Copied" : label}
      onClick={async () => setCopied(await copyText(text))}
      className={`inline-flex shrink-0 items-center justify-center rounded text-faint transition-colors hover:bg-hover hover:text-ink ${SIZES[size]} ${className}`}
    >
      <Icon
        aria-hidden
        className={`${size === "square" ? "size-4.5" : "size-3.5"} ${copied ? "text-good" : ""}`}
      />
    </button>
  );
}
