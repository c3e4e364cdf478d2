import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { secondsOf } from "../alerts/times";
import { getServerInfo } from "../api/calls";
import { getIndex, getRetention } from "../api/health-calls";
import { listKeys } from "../api/key-calls";
import { getGroups } from "../api/subject-calls";
import type { ActivityGroups, IndexInfo, KeyInfo, RetentionInfo, Session } from "../api/types";
import { formatBytes } from "../export/wish";
import { isStale, STALE_DAYS } from "../keys/stale";
import { KEYS_PATH } from "../paths";
import { hoursText } from "../settings/hours-text";
import { Frame } from "../shell/frame";
import { Section } from "../shell/section";
import { LOCALE } from "../texts/language";
import { t } from "../texts/texts";
import { Moment } from "../times/moment";
import { nowSeconds } from "../ui/clock";
import { Facts } from "../ui/facts";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";

const HOUR = 3_600;
const rate = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });

/** How the server is: what arrives, the index, how long activities are kept, and the keys. */
export default function HealthPage({ session }: { session: Session }) {
  const queries = useQueryClient();
  return (
    <Frame
      session={session}
      title={t("Health")}
      refreshing={useIsFetching({ queryKey: ["health"] }) > 0}
      onRefresh={() => void queries.invalidateQueries({ queryKey: ["health"] })}
    >
      <Section title={t("Server")} queryKey={["health", "server"]} read={getServerInfo}>
        {({ name, version }) => (
          <p>
            {name} {version}
          </p>
        )}
      </Section>
      <Section title={t("Last hour")} queryKey={["health", "hour"]} read={readLastHour}>
        {(groups) => <LastHour groups={groups} />}
      </Section>
      <Section title={t("Index")} queryKey={["health", "index"]} read={getIndex}>
        {(index) => <IndexFacts index={index} />}
      </Section>
      <Section title={t("Retention")} queryKey={["health", "retention"]} read={getRetention}>
        {(retention) => <RetentionFacts retention={retention} />}
      </Section>
      <Section title={t("API keys")} queryKey={["health", "keys"]} read={listKeys}>
        {({ keys }) => <KeyFacts keys={keys} now={nowSeconds()} />}
      </Section>
    </Frame>
  );
}

const readLastHour = (signal: AbortSignal) =>
  getGroups(new URLSearchParams({ date_from: String(Math.floor(nowSeconds()) - HOUR) }), signal);

function LastHour({ groups }: { groups: ActivityGroups }) {
  const all = groups.data[0];
  if (!all) return <p className="text-muted">{t("Nothing arrived.")}</p>;
  const { count, failed_count, last_at } = all;
  return (
    <Facts
      facts={[
        {
          label: t("Activities"),
          value: t("{count} ({rate} a second)", { count, rate: rate.format(count / HOUR) }),
        },
        { label: t("Failed"), value: formatNumber(failed_count) },
        { label: t("Newest"), value: <Moment seconds={secondsOf(last_at)} /> },
      ]}
    />
  );
}

function KeyFacts({ keys, now }: { keys: readonly KeyInfo[]; now: number }) {
  const stale = keys.filter((key) => isStale(key, now)).length;
  const endless = keys.filter(({ expires_at }) => expires_at === null).length;
  return (
    <Facts
      facts={[
        {
          label: t("Keys"),
          value: (
            <Link href={KEYS_PATH} className="rounded text-accent hover:underline">
              {formatNumber(keys.length)}
            </Link>
          ),
        },
        { label: t("Not used for {count} days", { count: STALE_DAYS }), value: formatNumber(stale) },
        { label: t("Without an end"), value: formatNumber(endless) },
      ]}
    />
  );
}

function stateText(index: IndexInfo["index"]): string {
  if (index.state === "building")
    return t("Building: {indexed} of {of} activities", { indexed: index.indexed, of: index.of });
  return index.state === "ready" ? t("Ready") : t("Failed");
}

function IndexFacts({ index }: { index: IndexInfo }) {
  return (
    <Facts
      facts={[
        { label: t("State"), value: stateText(index.index) },
        { label: t("Activities"), value: formatNumber(index.activities) },
        { label: t("Files"), value: formatBytes(index.file_bytes) },
        { label: t("Memory"), value: formatBytes(index.memory_bytes) },
      ]}
    />
  );
}

function RetentionFacts({ retention: { keep_hours, rules, holds, run } }: { retention: RetentionInfo }) {
  return (
    <Facts
      facts={[
        { label: t("Kept"), value: hoursText(keep_hours) },
        { label: t("Further rules"), value: formatNumber(rules.length) },
        { label: t("Holds"), value: formatNumber(holds.length) },
        {
          label: t("Last run"),
          value: run ? (
            <Moment seconds={secondsOf(run.ended_at ?? run.started_at)} />
          ) : (
            t("None since the start")
          ),
        },
        ...(run?.error ? [{ label: t("Error"), value: <SenderText text={run.error} lines /> }] : []),
      ]}
    />
  );
}
