import {
  Activity,
  Boxes,
  Gauge,
  HeartPulse,
  KeyRound,
  LockKeyhole,
  LogIn,
  type LucideIcon,
  Network,
  Repeat,
  Settings2,
  ShieldCheck,
  Siren,
  TicketCheck,
  UserSearch,
  Users,
} from "lucide-react";
import type { ReactNode } from "react";
import {
  ACTIVITY_PATHS,
  ALERTS_PATH,
  HEALTH_PATH,
  KEYS_PATH,
  LOG_PATH,
  NETWORKS_PATH,
  PEOPLE_PATH,
  RESOURCES_PATH,
  reportAddress,
  SESSIONS_PATH,
  SETTINGS_PATH,
  SIGN_INS_PATH,
} from "../paths";
import type { Text } from "../texts/texts";
import { OpenAlerts } from "./open-alerts";
import { ViewsSlot } from "./views-slot";

/** A page of the navigation. An entry here is all that a new page needs to be reached from every other one. */
export interface PageEntry {
  text: Text;
  href: string;
  icon: LucideIcon;
  /** The addresses that belong to this page, with everything below them. `href` alone where nothing is said. */
  at?: readonly string[];
  /** Stands at the end of its line, such as a count. */
  note?: ReactNode;
}

export interface PageGroup {
  /** The heading of the group. The first one needs none. */
  title: Text | null;
  pages: readonly PageEntry[];
  /** What stands below the pages of the group, such as the saved views. */
  more?: (onFollow: (() => void) | undefined) => ReactNode;
}

/** A group without pages and without more is not shown. */
export const NAVIGATION: readonly PageGroup[] = [
  {
    title: null,
    pages: [
      { text: "Activity", href: LOG_PATH, icon: Activity, at: ACTIVITY_PATHS },
      { text: "Alerts", href: ALERTS_PATH, icon: Siren, note: <OpenAlerts /> },
      { text: "People", href: PEOPLE_PATH, icon: Users },
      { text: "Sessions", href: SESSIONS_PATH, icon: TicketCheck },
      { text: "Networks", href: NETWORKS_PATH, icon: Network },
      { text: "Resources", href: RESOURCES_PATH, icon: Boxes },
    ],
  },
  {
    title: "Reports",
    pages: [
      { text: "Sign-in failures", href: reportAddress("failed_sign_ins"), icon: LockKeyhole },
      { text: "Repeated failures", href: reportAddress("failed_logins"), icon: Repeat },
      { text: "Admin audit", href: reportAddress("admin_audit"), icon: ShieldCheck },
      { text: "Endpoints", href: reportAddress("endpoint_performance"), icon: Gauge },
      { text: "One user", href: reportAddress("recent_activity"), icon: UserSearch },
    ],
  },
  { title: "Views", pages: [], more: (onFollow) => <ViewsSlot onFollow={onFollow} /> },
  {
    title: "Server",
    pages: [
      { text: "Health", href: HEALTH_PATH, icon: HeartPulse },
      { text: "Keys", href: KEYS_PATH, icon: KeyRound },
      { text: "Signed in", href: SIGN_INS_PATH, icon: LogIn },
      { text: "Settings", href: SETTINGS_PATH, icon: Settings2 },
    ],
  },
];

/** Whether this page is the one at `path`. */
export const isAt = ({ href, at = [href] }: PageEntry, path: string): boolean =>
  at.some((address) => path === address || path.startsWith(`${address}/`));
