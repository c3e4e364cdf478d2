import type { ReactNode } from "react";
import { Link } from "wouter";
import { logAddress } from "../paths";

interface LogLinkProps {
  filter: Record<string, string>;
  /** The activity that is opened beside the list. */
  activity?: string;
  mono?: boolean;
  children: ReactNode;
}

/** A value that leads to its activities in the log. */
export const LogLink = ({ filter, activity, mono = false, children }: LogLinkProps) => (
  <Link
    href={logAddress(new URLSearchParams(filter), activity)}
    className={`block truncate rounded leading-6 hover:underline ${mono ? "font-mono text-xs" : ""}`}
  >
    {children}
  </Link>
);
