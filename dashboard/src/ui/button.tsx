import type { ComponentProps } from "react";

const LOOKS = {
  plain: "border border-line-strong bg-surface text-ink hover:bg-hover",
  quiet: "text-muted hover:bg-hover hover:text-ink",
  primary: "bg-accent-solid text-white hover:brightness-110",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
}

export function Button({ look = "plain", className = "", type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-2.5 text-xs font-medium whitespace-nowrap transition-colors disabled:opacity-40 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}

/** A button that shows an icon only; `label` is what it is called. */
export function IconButton({ label, className = "", ...rest }: ButtonProps & { label: string }) {
  return (
    <Button look="quiet" aria-label={label} title={label} className={`w-8 px-0 ${className}`} {...rest} />
  );
}
