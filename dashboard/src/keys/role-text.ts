import { known } from "../texts/known";
import type { Text } from "../texts/texts";

const ROLES: Readonly<Record<string, Text>> = {
  writer: "writer",
  viewer: "viewer",
  auditor: "auditor",
  admin: "admin",
};

/** A role as a table shows it. */
export const roleText = (role: string): string => known(ROLES, role);
