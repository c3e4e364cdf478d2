import { Link } from "wouter";
import type { Session } from "../api/types";
import { networkAddress } from "../paths";
import { GroupsPage } from "../subjects/groups-page";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";

/** Where activities came from: a network is a /24 of IPv4 or a /48 of IPv6. */
export default function NetworksPage({ session }: { session: Session }) {
  return (
    <GroupsPage
      session={session}
      title={t("Networks")}
      by="network"
      header={t("Network")}
      name={({ value }) =>
        value === null ? (
          <span className="text-faint">{t("No address")}</span>
        ) : (
          <Link href={networkAddress(value)} className="rounded font-mono text-xs leading-6 hover:underline">
            <SenderText text={value} />
          </Link>
        )
      }
    />
  );
}
