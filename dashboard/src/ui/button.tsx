import type { ComponentProps } from "react";

const LOOKS = {
  plain: "border border-line-strong bg-surface text-ink hover:bg-hover",
  quiet: "text-muted hover:bg-hover hover:text-ink",
  primary: "bg-accent-solid text-white hover:brightness-110",
} as const;

/** `square` and `tiny` are for an icon alone. */
const SIZES = {
  small: "h-7 px-2.5",
  normal: "h-8 px-2.5",
  large: "h-9 px-2.5",
  square: "size-8",
  tiny: "size-6",
} as const;

/**
 * `className` places a button and never changes what `look` and `size` decide. Of two classes for one property the
 * style sheet's order chooses, not the order in which they stand here.
 */
export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

export function Button(props: ButtonProps) {
  const { look = "plain", size = "normal", className = "", type = "button", ...rest } = props;
  return (
    <button
      type={type}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-xs font-medium whitespace-nowrap transition-colors disabled:opacity-40 ${SIZES[size]} ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}

/** A button that shows an icon only; `label` is what it is called. */
export function IconButton({ label, ...rest }: ButtonProps & { label: string }) {
  return <Button look="quiet" size="square" aria-label={label} title={label} {...rest} />;
}
