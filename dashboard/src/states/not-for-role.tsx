import { ApiError } from "../api/client";
import { t } from "../texts/texts";

/** Whether the server refuses an answer to the role of the session. */
export const isRefused = (error: Error | null): boolean => error instanceof ApiError && error.status === 403;

/** Stands where an answer would be that this role may not read. */
export const NotForRole = () => (
  <p className="text-muted">{t("Your role does not read this. An admin or an auditor does.")}</p>
);
