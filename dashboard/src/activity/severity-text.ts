import type { Severity } from "../api/types";
import { known } from "../texts/known";
import type { Text } from "../texts/texts";

const SEVERITIES: Record<Severity, Text> = {
  critical: "critical",
  warning: "warning",
  notice: "notice",
  info: "info",
};

export const severityText = (severity: Severity): string => known(SEVERITIES, severity);
